"""Certificates made for one test by the openssl program."""

import os
import subprocess

from .process import TIMEOUT_SECONDS

WEAK_KEY = ("-newkey", "rsa:1024", "-nodes")  # which TLS refuses
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Certificates:
    """An authority of its own, and what it has signed, as files in a folder."""

    def __init__(self, folder):
        self._folder = folder
        self._openssl("req", "-x509", *KEY, "-days", "2", "-subj", "/CN=authority",
                      "-keyout", self.path("ca.key"), "-out", self.path("ca.crt"))
        self.authority = self.path("ca.crt")

    def path(self, name):
        return os.path.join(self._folder, name)

    def issue(self, name, subject, host="localhost", days=2, new_key=KEY):
        """The certificate's file and its key's."""
        cert, key, request = (self.path(f"{name}.{end}") for end in ("crt", "key", "csr"))
        with open(self.path("extensions"), "w", encoding="ascii") as file:
            file.write(f"subjectAltName=DNS:{host},IP:127.0.0.1\n")
        self._openssl("req", *new_key, "-subj", subject, "-keyout", key, "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.authority,
                      "-CAkey", self.path("ca.key"), "-CAcreateserial", "-days", str(days),
                      "-extfile", self.path("extensions"), "-out", cert)
        return cert, key

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["/usr/bin/openssl", *arguments], check=True, capture_output=True,
                       timeout=TIMEOUT_SECONDS)
