"""Who becomes a client: TLS, tokens, signed tokens, certificates and the envelope, over real binaries."""

import base64
import hashlib
import hmac
import json
import os
import signal
import socket
import ssl
import struct
import tempfile
import time
import unittest

from crier.v1 import frame_pb2
from harness.certificates import Certificates
from harness.ops import metrics
from harness.process import TIMEOUT_SECONDS, Crier, any_ports, crierctl, run_crier

SECRET = b"an e2e secret of at least 32 bytes"


def signed(secret=SECRET, **claims):
    """A JWT (HS256)."""
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=")
    head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + b"." + part(
        json.dumps(claims).encode())
    return (head + b"." + part(hmac.new(secret, head, hashlib.sha256).digest())).decode()


class Device:
    """A TCP client with TLS where a context is given."""

    def __init__(self, address, context=None):
        host, port = address.rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)), TIMEOUT_SECONDS)
        if context:
            self._socket = context.wrap_socket(self._socket, server_hostname="localhost")
        self.file = self._socket.makefile("rwb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self._socket.close()

    def send(self, data):
        self.file.write(data)
        self.file.flush()

    def read_line(self):
        return self.file.readline().rstrip(b"\n")

    def send_frame(self, **kind):
        data = frame_pb2.ClientFrame(**kind).SerializeToString()
        self.send(struct.pack(">I", len(data)) + data)

    def read_frame(self):
        size, = struct.unpack(">I", self.file.read(4))
        return frame_pb2.ServerFrame.FromString(self.file.read(size))

    def ended(self):
        """Whether the other side closes now without a word."""
        try:
            return self.file.read(1) == b""
        except (ConnectionError, ssl.SSLError):
            return True


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.certificates = Certificates(folder)
        cls.server = cls.certificates.issue("server", "/CN=server")
        cls.meter = cls.certificates.issue("meter-7", "/O=Example/CN=meter-7")
        cls.trust = ssl.create_default_context(cafile=cls.certificates.authority)

    def write(self, name, text):
        path = self.certificates.path(name)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(path + ".new", path)
        return path

    def start(self, **keys):
        sets = {f"listeners[0].{key.replace('__', '.')}": value for key, value in keys.items()}
        sets["listeners[0].processor"] = "echo"
        return self.enterContext(Crier(
            *(word for key, value in sets.items() for word in ("--set", f"{key}={value}"))))

    def device(self, crier, context=None):
        return self.enterContext(Device(crier.data(), context))

    def only_client(self, crier):
        done = crierctl(crier, "list", "--json")
        return json.loads(done.stdout)

    def wait_rejected(self, crier, reason):
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            if metrics(crier).sum("crier_connections_rejected_total", reason=reason) == 1:
                return
        self.fail(f"nobody was rejected as {reason}")


class Tls(Clients):
    def test_a_client_with_pythons_own_tls(self):
        crier = self.start(tls__cert_file=self.server[0], tls__key_file=self.server[1])
        device = self.device(crier, self.trust)
        device.send(b"hello\n")
        self.assertEqual(device.read_line(), b"hello")
        crierctl(crier, "broadcast", "to all")
        self.assertEqual(device.read_line(), b"to all")
        self.assertEqual(self.only_client(crier)["tls_version"], "TLSv1.3")

    def test_a_new_certificate_is_served_without_dropping_anyone(self):
        cert, key = self.certificates.issue("rotated", "/CN=first")
        crier = self.start(tls__cert_file=cert, tls__key_file=key)
        before = self.device(crier, self.trust)
        before.send(b"hello\n")
        self.assertEqual(before.read_line(), b"hello")
        self.certificates.issue("rotated", "/CN=second")
        crier.signal(signal.SIGHUP)
        crier.wait_for_log("credentials read again")
        after = self.device(crier, self.trust)
        names = [value for group in after._socket.getpeercert()["subject"] for _, value in group]
        self.assertEqual(names, ["second"])
        before.send(b"still here\n")
        self.assertEqual(before.read_line(), b"still here")

    def test_a_certificate_that_is_none_stops_the_start(self):
        path = self.write("broken.crt", "this is no certificate")
        done = run_crier(*any_ports(), "--set", f"listeners[0].tls.cert_file={path}",
                         "--set", f"listeners[0].tls.key_file={self.server[1]}")
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn("listening", done.stdout)
        self.assertIn(f"the certificate in {path} cannot be used", done.stdout + done.stderr)


class Identity(Clients):
    def test_a_token_from_a_file_that_is_read_again(self):
        path = self.write("tokens", "meter-7 sesame-sesame-sesame site=north\n")
        crier = self.start(auth__method="token", auth__tokens_file=path)
        device = self.device(crier)
        device.send(b"sesame-sesame-sesame\nhello\n")
        self.assertEqual(device.read_line(), b"hello")
        client = self.only_client(crier)
        self.assertEqual((client["subject"], client["labels"]), ("meter-7", {"site": "north"}))
        stranger = self.device(crier)
        stranger.send(b"sesame-sesame-wrong!\n")
        self.assertTrue(stranger.ended())
        self.wait_rejected(crier, "auth_failed")
        self.write("tokens", "meter-8 another-another-another\n")
        crier.signal(signal.SIGHUP)
        crier.wait_for_log("credentials read again")
        newcomer = self.device(crier)
        newcomer.send(b"another-another-another\nhello\n")
        self.assertEqual(newcomer.read_line(), b"hello")
        device.send(b"still here\n")
        self.assertEqual(device.read_line(), b"still here")
        text = "\n".join(map(str, crier.lines))
        for secret in ("sesame", "another"):
            self.assertNotIn(secret, text)

    def test_a_signed_token(self):
        path = self.write("secret", SECRET.decode())
        crier = self.start(auth__method="jwt", auth__secret_file=path, auth__audience="devices",
                           auth__label_claims="site")
        now = int(time.time())
        device = self.device(crier)
        token = signed(sub="meter-7", aud="devices", exp=now + 600, site="north")
        device.send(token.encode() + b"\nhello\n")
        self.assertEqual(device.read_line(), b"hello")
        client = self.only_client(crier)
        self.assertEqual((client["subject"], client["labels"]), ("meter-7", {"site": "north"}))
        self.assertIn("expire_time", client)
        for wrong in (signed(sub="meter-7", aud="others", exp=now + 600),
                      signed(sub="meter-7", aud="devices", exp=now - 600),
                      signed(b"x" * 32, sub="meter-7", aud="devices", exp=now + 600)):
            stranger = self.device(crier)
            stranger.send(wrong.encode() + b"\n")
            self.assertTrue(stranger.ended())

    def test_a_certificate(self):
        crier = self.start(
            tls__cert_file=self.server[0], tls__key_file=self.server[1],
            tls__client_certificates="required", tls__client_ca_file=self.certificates.authority,
            auth__method="certificate")
        shown = ssl.create_default_context(cafile=self.certificates.authority)
        shown.load_cert_chain(*self.meter)
        device = self.device(crier, shown)
        device.send(b"hello\n")
        self.assertEqual(device.read_line(), b"hello")
        self.assertEqual(self.only_client(crier)["subject"], "CN=meter-7,O=Example")
        self.assertTrue(self.device(crier, self.trust).ended())


class Envelope(Clients):
    def test_the_life_of_a_client(self):
        path = self.write("secret", SECRET.decode())
        crier = self.start(framing="length", codec="envelope", ping_interval="100ms",
                           auth__method="jwt", auth__secret_file=path)
        device = self.device(crier)
        expires = int(time.time()) + 600
        device.send_frame(hello=frame_pb2.ClientHello(token=signed(sub="meter-7", exp=expires)))
        hello = device.read_frame().hello
        self.assertEqual(hello.client_id, self.only_client(crier)["client_id"])
        ping = device.read_frame().ping
        device.send_frame(pong=frame_pb2.Pong(id=ping.id))
        device.send_frame(
            hello=frame_pb2.ClientHello(token=signed(sub="meter-7", exp=expires + 600)))
        device.send_frame(payload=b"any\nbytes\0")
        kinds = {}
        while "payload" not in kinds:
            frame = device.read_frame()
            kinds[frame.WhichOneof("kind")] = frame
        self.assertEqual(kinds["payload"].payload, b"any\nbytes\0")
        self.assertIn("ping_rtt", self.only_client(crier))
        crier.signal(signal.SIGINT)
        while "goaway" not in kinds:
            frame = device.read_frame()
            kinds[frame.WhichOneof("kind")] = frame
        self.assertEqual(kinds["goaway"].goaway.code, frame_pb2.Goaway.CODE_DRAIN)
        self.assertLessEqual(kinds["goaway"].goaway.reconnect_after_ms, 10_000)
        self.assertTrue(device.ended())
        device.__exit__()
        self.assertEqual(crier.exit_code(), 0)


if __name__ == "__main__":
    unittest.main()
