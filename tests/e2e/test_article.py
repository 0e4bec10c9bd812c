"""The server of the original article: a big-endian int16 in, one byte (2v) mod 256 out."""

import struct
import unittest

from harness.client import Client
from harness.process import SOURCE, Crier

VALUES = [0, 1, -1, 2, 5, 63, 64, 127, 128, -127, -128, -129, 255, 256, -256, 1000, -1000, 12345,
          -12345, 32767, -32768, -32767]


def answer(value):
    return bytes([2 * value % 256])


class Article(unittest.TestCase):
    def setUp(self):
        config = f"{SOURCE}/examples/echo-double.yaml"
        self.crier = self.enterContext(Crier("--config", config))
        self.client = self.enterContext(Client(self.crier.data("double")))

    def test_each_number_is_answered_by_one_byte(self):
        for value in VALUES:
            self.client.send(struct.pack(">h", value))
            self.assertEqual(self.client.read(1), answer(value), value)

    def test_examples_spelled_out(self):
        self.client.send(b"\x00\x05\xff\xff\x00\x80\x7f\xff\x80\x00")
        self.assertEqual(self.client.read(5), b"\x0a\xfe\x00\xfe\x00")

    def test_every_number_there_is_in_one_burst(self):
        numbers = range(-32768, 32768)
        self.client.send(b"".join(struct.pack(">h", value) for value in numbers))
        self.assertEqual(self.client.read(len(numbers)), b"".join(map(answer, numbers)))

    def test_bytes_that_arrive_one_at_a_time_are_put_together(self):
        for value in VALUES:
            first, second = struct.pack(">h", value)
            self.client.send(bytes([first]))
            # An answer on another connection: crier has had its turn with the half number.
            with Client(self.crier.data("double")) as other:
                other.send(b"\x00\x01")
                self.assertEqual(other.read(1), b"\x02")
            self.client.send(bytes([second]))
            self.assertEqual(self.client.read(1), answer(value), value)

    def test_half_a_number_at_the_end_is_not_answered(self):
        self.client.send(b"\x00\x05\x00")
        self.client.finish()
        self.assertEqual(self.client.read_to_end(), b"\x0a")


if __name__ == "__main__":
    unittest.main()
