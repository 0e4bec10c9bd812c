import unittest

from announce import AnnounceTests


class Python(AnnounceTests, unittest.TestCase):
    language = "python"
    address_option = "--address"


if __name__ == "__main__":
    unittest.main()
