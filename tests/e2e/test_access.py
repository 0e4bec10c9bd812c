"""Who may call the control API: the real binaries with certificates, tokens and roles."""

import json
import os
import signal
import ssl
import subprocess
import tempfile
import unittest

from harness.certificates import WEAK_KEY, Certificates
from harness.client import Client
from harness.ops import metrics, wait_for_metrics
from harness.process import CRIERCTL, TIMEOUT_SECONDS, Crier, any_ports, crierctl, run_crier

READER = "e2e-reader-token-0001"
PUBLISHER = "e2e-publisher-token-01"
ADMIN = "e2e-admin-token-00001"
WRONG = "e2e-wrong-token-00001"
TOKENS = {"reader": READER, "publisher": PUBLISHER, "admin": ADMIN, "wrong": WRONG}
ROLES = f"""
# who may call
read token dashboard {READER}
publish token feed {PUBLISHER}
admin token ops {ADMIN}
admin subject CN=ops,O=crier
"""


class Access(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.certificates = Certificates(folder)
        cls.server = cls.certificates.issue("server", "/CN=server")
        cls.caller = cls.certificates.issue("ops", "/O=crier/CN=ops")
        cls.roles = cls.write("roles", ROLES)
        for name, token in TOKENS.items():
            cls.write(name, token + "\n")

    @classmethod
    def write(cls, name, text):
        path = cls.certificates.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start(self, *arguments, mutual=False):
        sets = {"control.tls.cert_file": self.server[0], "control.tls.key_file": self.server[1],
                "control.roles_file": self.roles}
        if mutual:
            sets["control.tls.client_ca_file"] = self.certificates.authority
        words = [word for key, value in sets.items() for word in ("--set", f"{key}={value}")]
        return self.enterContext(Crier(*words, *arguments))

    def call(self, crier, *arguments, token=None, tls=True, **options):
        access = ["--tls-ca", self.certificates.authority] if tls else []
        if token:
            access += ["--token-file", self.certificates.path(token)]
        return crierctl(crier, *access, *arguments, **options)

    def assert_failed(self, done, *parts):
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stderr, r"\Acrierctl: [^\n]+\n\Z")
        for part in parts:
            self.assertIn(part, done.stderr)

    def assert_done(self, done, *parts):
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for part in parts:
            self.assertIn(part, done.stdout)


class Roles(Access):
    def test_each_caller_may_do_what_its_role_says(self):
        crier = self.start()
        client = self.enterContext(Client(crier.data()))
        client.send(b"hello\n")
        self.assertEqual(client.read_line(), b"hello")
        self.assert_done(self.call(crier, "list", token="reader"), "127.0.0.1:")
        self.assert_failed(self.call(crier, "broadcast", "x", token="reader"),
                           "PERMISSION_DENIED", "'dashboard' may not call Broadcast", "publish")
        self.assert_failed(self.call(crier, "broadcast", input="x\n", token="reader"),
                           "PERMISSION_DENIED", "BroadcastStream")
        self.assert_done(self.call(crier, "broadcast", "one", token="publisher"), "queued 1")
        self.assert_done(self.call(crier, "broadcast", input="two\n",
                                   token="publisher"), "1")
        self.assertEqual(client.read_line(), b"one")
        self.assertEqual(client.read_line(), b"two")
        self.assert_failed(self.call(crier, "disconnect", "--all", token="publisher"),
                           "PERMISSION_DENIED", "Disconnect", "admin")
        self.assert_done(self.call(crier, "disconnect", "--all", token="admin"))
        self.assertEqual(client.read_to_end(), b"")
        line = crier.wait_for_log("Disconnect was called")
        self.assertEqual(line["caller"], "ops")
        self.assertIn("127.0.0.1:", line["peer"])

    def test_calls_that_close_nobody_hide_none_that_does(self):
        crier = self.start()
        client = self.enterContext(Client(crier.data()))
        client.send(b"hello\n")
        self.assertEqual(client.read_line(), b"hello")
        for _ in range(11):
            self.assert_done(self.call(crier, "disconnect", "--all", "--validate-only",
                                       token="admin"))
        self.assertNotEqual(self.call(crier, "disconnect", "--all", "--listener", "none",
                                      token="admin").returncode, 0)
        self.assert_done(self.call(crier, "disconnect", "--all", "--reason", "enough",
                                   token="admin"))
        line = crier.wait_for_log("Disconnect was called")
        self.assertEqual((line["caller"], line["reason"], line["disconnected"]),
                         ("ops", "enough", 1))

    def test_nobody_may_do_nothing_and_is_counted(self):
        crier = self.start()
        self.assert_failed(self.call(crier, "list"), "UNAUTHENTICATED", "--token-file")
        self.assert_failed(self.call(crier, "list", token="wrong"), "UNAUTHENTICATED")
        self.assert_failed(self.call(crier, "nodes", token="wrong"), "UNAUTHENTICATED")
        self.assert_failed(self.call(crier, "disconnect", "--all", token="reader"),
                           "PERMISSION_DENIED")
        found = metrics(crier)
        self.assertEqual(found.sum("crier_control_denied_total", reason="unauthenticated"), 3)
        self.assertEqual(found.sum("crier_control_denied_total", reason="permission_denied"), 1)
        line = crier.wait_for_log("a call was denied")
        self.assertEqual((line["method"], line["reason"]), ("ListClients", "UNAUTHENTICATED"))

    def test_no_token_is_in_a_command_line_a_log_line_or_a_metric(self):
        crier = self.start("--set", "log.level=trace")
        for token in TOKENS:
            for command in (["list"], ["nodes"], ["broadcast", "x"], ["disconnect", "--all"]):
                self.call(crier, *command, token=token)
        # One that is still running, so that its command line can be read.
        with subprocess.Popen(
                [CRIERCTL, "--address", crier.control, "--tls-ca", self.certificates.authority,
                 "--token-file", self.certificates.path("publisher"), "broadcast"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as caller:
            shown = [self.command_line(caller.pid), self.command_line(crier.pid())]
            out, error = caller.communicate(b"last\n", TIMEOUT_SECONDS)
        self.assertEqual(caller.returncode, 0, error)
        scraped = metrics(crier).text
        crier.signal(signal.SIGINT)
        self.assertEqual(crier.exit_code(), 0)
        log = json.dumps(crier.lines)
        self.assertIn("a call was denied", log)
        for place in (*shown, out.decode(), error.decode(), scraped, log, crier.stderr):
            for token in TOKENS.values():
                self.assertNotIn(token, place)

    @staticmethod
    def command_line(pid):
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
            return file.read()

    def test_a_token_may_come_from_the_environment(self):
        crier = self.start()
        environment = dict(os.environ, CRIER_TOKEN_FILE=self.certificates.path("reader"))
        self.assert_done(self.call(crier, "nodes", env=environment))


class Tls(Access):
    def test_the_port_speaks_tls_alone(self):
        crier = self.start()
        self.assert_failed(self.call(crier, "nodes", token="reader", tls=False), "UNAVAILABLE")
        self.assert_failed(self.call(crier, "--tls", "nodes", token="reader", tls=False),
                           "UNAVAILABLE", "certificate verify failed")
        self.assert_done(self.call(crier, "nodes", token="reader"))
        self.assert_failed(self.call(crier, "--tls-server-name", "other.test", "nodes",
                                     token="reader"), "UNAVAILABLE")
        self.assert_done(self.call(crier, "--tls-server-name", "localhost", "nodes",
                                   token="reader"))
        self.assertEqual(crier.stderr, "")

    def test_a_certificate_says_who_calls(self):
        crier = self.start(mutual=True)
        self.assert_failed(self.call(crier, "nodes", token="reader"), "UNAVAILABLE")
        cert, key = self.caller
        shown = ("--tls-cert", cert, "--tls-key", key)
        client = self.enterContext(Client(crier.data()))
        client.send(b"hello\n")
        self.assertEqual(client.read_line(), b"hello")
        self.assert_done(self.call(crier, *shown, "disconnect", "--all"))
        self.assertEqual(crier.wait_for_log("Disconnect was called")["caller"], "CN=ops,O=crier")
        # A token counts before the certificate.
        self.assert_failed(self.call(crier, *shown, "disconnect", "--all", token="reader"),
                           "PERMISSION_DENIED")
        cert, key = self.server
        self.assert_failed(self.call(crier, "--tls-cert", cert, "--tls-key", key, "nodes"),
                           "PERMISSION_DENIED", "CN=server")

    def test_an_unknown_file_is_a_fault_of_the_command_line(self):
        crier = self.start()
        done = self.call(crier, "--tls-ca", "/nowhere", "nodes", tls=False)
        self.assertEqual((done.returncode, done.stderr),
                         (2, "crierctl: cannot read /nowhere: No such file or directory\n"))
        done = self.call(crier, "--tls-cert", self.caller[0], "nodes")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--tls-key", done.stderr)


class Replaced(Access):
    """Files that change while crier runs; SIGHUP looks at them at once."""

    FAILED = "credentials not read again; those from before stay in force"

    def serve(self, **keys):
        """A crier that looks at its files only when it is told to."""
        words = [word for key, value in keys.items()
                 for word in ("--set", f"control.{key.replace('__', '.')}={value}")]
        return self.start("--set", "credentials.reload_interval=24h", *words)

    def look(self, crier, message):
        crier.signal(signal.SIGHUP)
        return crier.wait_for_log(message)

    def copy(self, source, name):
        with open(source, encoding="ascii") as file:
            return self.write(name, file.read())

    def test_roles_hold_from_the_next_call_on(self):
        crier = self.serve(roles_file=self.write("live-roles", ROLES))
        self.assert_done(self.call(crier, "nodes", token="reader"))
        self.write("live-roles", f"admin token {ADMIN}\n")
        line = self.look(crier, self.FAILED)
        self.assertIn("live-roles:1 has a name, but no token", line["problem"])
        self.assertNotIn(ADMIN, json.dumps(crier.lines))
        self.assert_done(self.call(crier, "nodes", token="reader"))
        self.write("live-roles", f"admin token ops {ADMIN}\n")
        self.look(crier, "credentials read again")
        self.assert_failed(self.call(crier, "nodes", token="reader"), "UNAUTHENTICATED")
        self.assert_done(self.call(crier, "disconnect", "--all", token="admin"))

    def served(self, crier):
        """The certificate of a new connection, as bytes."""
        host, port = crier.control.rsplit(":", 1)
        return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((host, int(port))))

    def issued(self, cert):
        with open(cert, encoding="ascii") as file:
            return ssl.PEM_cert_to_DER_cert(file.read())

    def expiry(self, cert):
        """In seconds since the epoch."""
        end = subprocess.run(["/usr/bin/openssl", "x509", "-noout", "-enddate", "-in", cert],
                             check=True, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
        return ssl.cert_time_to_seconds(end.stdout.strip().removeprefix("notAfter="))

    def shown_expiry(self, crier):
        return metrics(crier).sum("crier_certificate_expiry_timestamp_seconds",
                                  listener="control API")

    def test_a_certificate_holds_from_the_next_connection_on_and_with_its_key_alone(self):
        first, second = self.server, self.certificates.issue("second", "/CN=second",
                                                                   days=3)
        crier = self.serve(tls__cert_file=self.copy(first[0], "live.crt"),
                           tls__key_file=self.copy(first[1], "live.key"))
        with subprocess.Popen(
                [CRIERCTL, "--address", crier.control, "--tls-ca", self.certificates.authority,
                 "--token-file", self.certificates.path("publisher"), "broadcast"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as caller:
            caller.stdin.write(b"before\n")
            caller.stdin.flush()
            wait_for_metrics(crier, lambda found: found.sum(
                "crier_rpc_finished_total", method="BroadcastStream", code="OK") == 1)
            self.assertEqual(self.served(crier), self.issued(first[0]))
            self.assertEqual(self.shown_expiry(crier), self.expiry(first[0]))

            self.copy(second[0], "live.crt")
            self.assertIn("is not the key", self.look(crier, self.FAILED)["problem"])
            self.assertEqual(self.served(crier), self.issued(first[0]))
            self.assertEqual(self.shown_expiry(crier), self.expiry(first[0]))
            self.assert_done(self.call(crier, "nodes", token="reader"))

            self.copy(second[1], "live.key")
            self.look(crier, "credentials read again")
            self.assertEqual(self.served(crier), self.issued(second[0]))
            self.assertEqual(self.shown_expiry(crier), self.expiry(second[0]))
            self.assert_done(self.call(crier, "nodes", token="reader"))
            out, error = caller.communicate(b"after\n", TIMEOUT_SECONDS)
        self.assertEqual((caller.returncode, error), (0, b""))
        self.assertIn(b"2", out)


    def test_a_certificate_that_tls_refuses_changes_nothing(self):
        good, weak = self.server, self.certificates.issue("weak", "/CN=weak", new_key=WEAK_KEY)
        crier = self.serve(tls__cert_file=self.copy(good[0], "strong.crt"),
                           tls__key_file=self.copy(good[1], "strong.key"))
        self.copy(weak[0], "strong.crt")
        self.copy(weak[1], "strong.key")
        self.assertIn("strong.crt holds a certificate that TLS refuses: ee key too small",
                      self.look(crier, self.FAILED)["problem"])
        self.assertEqual(self.served(crier), self.issued(good[0]))
        self.assert_done(self.call(crier, "nodes", token="reader"))


class Refused(Access):
    """One sentence on standard error, exit code 2, nothing started."""

    def assert_refused(self, sets, *parts):
        words = [word for each in sets for word in ("--set", each)]
        done = run_crier(*any_ports(), *words)
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)
        self.assertNotIn("listening", done.stdout)
        return done.stderr

    def test_beyond_loopback_without_callers_that_prove_who_they_are(self):
        tls = [f"control.tls.cert_file={self.server[0]}", f"control.tls.key_file={self.server[1]}"]
        for sets in ([], tls):
            self.assert_refused(["control.address=0.0.0.0:0", *sets], "control.address",
                                "control.roles_file", "control.insecure: true")
        for sets in (["control.insecure=true"], [f"control.roles_file={self.roles}"],
                     [*tls, f"control.tls.client_ca_file={self.certificates.authority}"]):
            words = [word for each in ["control.address=0.0.0.0:0", *sets]
                     for word in ("--set", each)]
            done = run_crier("--check-config", *words)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_files_that_cannot_be_used(self):
        cert, key = self.server
        self.assert_refused([f"control.tls.cert_file={cert}"], "control.tls.cert_file")
        self.assert_refused([f"control.tls.cert_file={cert}", "control.tls.key_file=/nowhere"],
                            "control.tls.key_file", "/nowhere", "No such file")
        weak = self.certificates.issue("weak", "/CN=weak", new_key=WEAK_KEY)
        self.assert_refused([f"control.tls.cert_file={weak[0]}",
                             f"control.tls.key_file={weak[1]}"],
                            "control.tls.cert_file", "TLS refuses: ee key too small")
        self.assert_refused([f"control.tls.cert_file={cert}",
                             f"control.tls.key_file={self.caller[1]}"],
                            "control.tls.key_file", "is not the key")
        self.assert_refused([f"control.tls.cert_file={key}", f"control.tls.key_file={key}"],
                            "control.tls.cert_file", "holds no certificate")

    def test_roles_that_make_no_sense_without_a_word_of_them(self):
        roles = self.write("bad", f"admin token ops {ADMIN}\nadmin {ADMIN} ops\n")
        error = self.assert_refused([f"control.roles_file={roles}"], "control.roles_file",
                                    f"{roles}:2 ")
        self.assertNotIn(ADMIN, error)


if __name__ == "__main__":
    unittest.main()
