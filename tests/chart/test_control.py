"""Who may call the control API, as the chart's values say it."""

import unittest

import yaml
from cases import CASES, sets
from harness import ChartTest

TLS = sets(control__tlsSecret__name="certificates")
MUTUAL = TLS + sets(control__tlsSecret__ca="ca.crt")
ROLES = sets(control__rolesSecret__name="callers")
CALLER = sets(control__callerSecret__name="me")


class Control(ChartTest):
    def control(self, *arguments):
        return yaml.safe_load(self.rendered(*arguments).config())["control"]

    def files(self, *arguments):
        """Secret and key by the path at which crier finds them."""
        found = self.rendered(*arguments)
        mounts = {mount["name"]: mount["mountPath"] for mount in found.container()["volumeMounts"]}
        return {f"{mounts[volume['name']]}/{item['path']}":
                (volume["secret"]["secretName"], item["key"])
                for volume in found.pod()["volumes"] if "secret" in volume
                for item in volume["secret"]["items"]}

    def test_the_configuration_names_the_files_that_are_mounted(self):
        control, files = self.control(*MUTUAL, *ROLES), self.files(*MUTUAL, *ROLES)
        self.assertEqual(files.pop(control["roles_file"]), ("callers", "roles"))
        for key, secret_key in (("cert_file", "tls.crt"), ("key_file", "tls.key"),
                                ("client_ca_file", "ca.crt")):
            self.assertEqual(files.pop(control["tls"][key]), ("certificates", secret_key))
        self.assertEqual(files, {})

    def test_other_keys_of_the_control_api_stay(self):
        self.assertEqual(self.control(*ROLES, *sets(config__control__stream_window=7,
                                                    config__control__max_payload_bytes=268435456)
                                      )["max_payload_bytes"], 268435456)
        with_roles, without = self.control(*ROLES), self.control()
        for key in set(without) - {"roles_file", "insecure"}:
            self.assertEqual(with_roles[key], without[key], key)

    def test_insecure_is_said_only_where_nobody_proves_who_they_are(self):
        for arguments, insecure in (([], True), (TLS, True), (MUTUAL, False), (ROLES, False),
                                    (TLS + ROLES, False)):
            self.assertIs(self.control(*arguments)["insecure"], insecure, arguments)
        self.assertIs(self.control(*sets(config__control__roles_file="/more/roles"))["insecure"],
                      False)

    def test_a_changed_secret_needs_no_other_pod_but_another_secret_does(self):
        def template(*arguments):
            return self.rendered(*arguments).deployment()["template"]
        self.assertNotEqual(template(), template(*ROLES))
        volumes = [volume for volume in template(*MUTUAL, *ROLES)["spec"]["volumes"]
                   if "secret" in volume]
        mounts = template(*MUTUAL, *ROLES)["spec"]["containers"][0]["volumeMounts"]
        self.assertEqual(len(volumes), 2)
        for mount in mounts:  # Kubernetes never renews what is mounted by a subPath
            self.assertNotIn("subPath", mount)


class RoundTrip(ChartTest):
    """The test is a caller like others."""

    def access(self, *arguments):
        pod = self.rendered(*arguments).one("Pod")
        words = pod["spec"]["containers"][0]["args"]
        shown = [word for word in words if word.startswith(("--token", "--tls"))]
        mounted = [volume["secret"]["secretName"] for volume in pod["spec"].get("volumes", [])]
        return shown, mounted

    def test_without_a_guard_it_shows_nothing(self):
        self.assertEqual(self.access(), ([], []))

    def test_it_shows_what_its_secret_has(self):
        token = "--token-file=/etc/crier-caller/token"
        self.assertEqual(self.access(*ROLES, *CALLER), (["--token-in-plaintext", token], ["me"]))
        self.assertEqual(self.access(*TLS, *ROLES, *CALLER),
                         (["--tls-ca=/etc/crier-caller/ca.crt", token], ["me"]))
        self.assertEqual(self.access(*TLS, *CALLER, *sets(control__callerSecret__ca="",
                                                         control__callerSecret__token="")),
                         (["--tls"], ["me"]))
        self.assertEqual(
            self.access(*MUTUAL, *CALLER, *sets(control__callerSecret={
                "name": "me", "token": "", "cert": "tls.crt", "key": "tls.key"}))[0],
            ["--tls-ca=/etc/crier-caller/ca.crt", "--tls-cert=/etc/crier-caller/tls.crt",
             "--tls-key=/etc/crier-caller/tls.key"])

    def words(self, *arguments):
        return self.rendered(*arguments).one("Pod")["spec"]["containers"][0]["args"]

    def test_it_is_a_client_of_the_first_listener_that_asks_for_nothing(self):
        self.assertEqual(self.words()[:3], ["check", "--connect=push-crier:8082",
                                            "--listener=default"])
        self.assertEqual(self.words(*CASES["clients-and-plain"])[:3],
                         ["check", "--connect=push-crier:7002", "--listener=inside"])

    def test_where_all_ask_for_more_it_asks_the_control_api_alone(self):
        listener = {"name": "devices", "address": "0.0.0.0:8443"}
        for more in ({"tls": {"cert_file": "/tls.crt", "key_file": "/tls.key"}},
                     {"auth": {"method": "token", "tokens_file": "/tokens"}},
                     {"codec": "envelope", "framing": "length"},
                     {"proxy_protocol": "required", "proxy_trusted": "10.0.0.0/8"}):
            with self.subTest(more):
                self.assertEqual(self.words(*sets(config__listeners=[listener | more])),
                                 ["nodes", "--address=push-crier-control:50051", "--timeout=30s"])

    def test_there_is_none_that_could_not_be_let_in(self):
        for arguments in (TLS, ROLES, MUTUAL):
            self.assertEqual(self.rendered(*arguments).kind("Pod"), [])


class Refusals(ChartTest):
    def test_beyond_loopback_without_anything(self):
        self.refused("config.control.insecure is false and nothing says who may call",
                     *sets(config__control__insecure=False))
        self.refused("config.control.insecure is false and nothing says who may call",
                     *TLS, *sets(config__control__insecure=False))

    def test_two_answers_to_one_question(self):
        for key in ("cert_file", "key_file"):
            self.refused(f"control.tlsSecret and config.control.tls.{key} both name a file",
                         *TLS, *sets(**{f"config__control__tls__{key}": "/a"}))
        self.refused("control.tlsSecret and config.control.tls.client_ca_file both name a file",
                     *MUTUAL, *sets(config__control__tls__client_ca_file="/a"))
        self.refused("control.rolesSecret and config.control.roles_file both say who may call",
                     *ROLES, *sets(config__control__roles_file="/a"))

    def test_a_caller_that_would_do_nothing(self):
        self.refused("control.callerSecret does nothing while everybody may call", *CALLER)
        self.refused("go together", *ROLES, *CALLER, *sets(control__callerSecret__cert="tls.crt"))


if __name__ == "__main__":
    unittest.main()
