import unittest

from announce import AnnounceTests


class Go(AnnounceTests, unittest.TestCase):
    language = "go"
    address_option = "-address"


if __name__ == "__main__":
    unittest.main()
