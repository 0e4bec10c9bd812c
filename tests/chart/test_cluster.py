"""Several pods that a Redis joins."""

import unittest

import yaml
from cases import CASES, PEER, sets
from harness import ChartTest

BUS = sets(config__bus__url="redis://redis")
SECRETS = sets(config__bus__url="rediss://redis", redis__passwordSecret={"name": "pw", "key": "word"},
               redis__tlsSecret={"name": "certificates"})


class Pods(ChartTest):
    def test_without_a_bus_there_is_one_at_a_time(self):
        found = self.rendered().deployment()
        self.assertEqual(found["strategy"], {"type": "Recreate"})
        self.assertEqual(found["replicas"], 1)

    def test_with_a_bus_there_may_be_many_and_none_goes_before_another_has_come(self):
        found = self.rendered(*BUS, *sets(replicas=5)).deployment()
        self.assertEqual(found["replicas"], 5)
        self.assertEqual(found["strategy"], {
            "type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}})
        self.assertEqual(found["minReadySeconds"], 10)

    def test_with_a_bus_one_pod_at_a_time_may_be_evicted(self):
        self.assertEqual(self.rendered().kind("PodDisruptionBudget"), [])
        for arguments in (BUS, BUS + CASES["budget"]):
            budget = self.rendered(*arguments).one("PodDisruptionBudget")
            self.assertEqual(budget["spec"]["maxUnavailable"], 1)

    def test_they_keep_apart_where_they_can(self):
        self.assertNotIn("topologySpreadConstraints", self.rendered().pod())
        found = self.rendered(*BUS)
        constraint, = found.pod()["topologySpreadConstraints"]
        self.assertEqual(constraint["topologyKey"], "kubernetes.io/hostname")
        self.assertEqual(constraint["whenUnsatisfiable"], "ScheduleAnyway")
        self.assertEqual(constraint["labelSelector"], found.deployment()["selector"])
        ones_own = self.rendered(*BUS, *CASES["placement"]).pod()["topologySpreadConstraints"]
        self.assertEqual([found["topologyKey"] for found in ones_own], ["zone", "host"])


class Autoscaling(ChartTest):
    def test_it_decides_about_the_replicas(self):
        for name in ("cluster", "keda"):
            self.assertNotIn("replicas", self.rendered(*CASES[name]).deployment())

    def test_kubernetes_scales_by_what_has_a_target(self):
        found = self.rendered(*CASES["cluster"])
        scaler = found.one("HorizontalPodAutoscaler")["spec"]
        self.assertEqual(scaler["scaleTargetRef"]["name"],
                         found.one("Deployment")["metadata"]["name"])
        self.assertEqual((scaler["minReplicas"], scaler["maxReplicas"]), (3, 12))
        resources = {metric["resource"]["name"]: metric["resource"]["target"]["averageUtilization"]
                     for metric in scaler["metrics"] if metric["type"] == "Resource"}
        self.assertEqual(resources, {"memory": 70, "cpu": 80})
        pods, = [metric["pods"] for metric in scaler["metrics"] if metric["type"] == "Pods"]
        self.assertEqual(pods, {"metric": {"name": "crier_connections"},
                                "target": {"type": "AverageValue", "averageValue": "20000"}})
        alone = self.rendered(*BUS, *sets(autoscaling__hpa={
            "enabled": True, "targetMemoryPercent": 0, "targetConnections": 5000000}))
        metric, = alone.one("HorizontalPodAutoscaler")["spec"]["metrics"]
        self.assertEqual(metric["pods"]["target"]["averageValue"], "5000000")

    def test_keda_asks_for_the_clients_of_this_release(self):
        found = self.rendered(*CASES["keda"])
        self.assertEqual(found.kind("HorizontalPodAutoscaler"), [])
        trigger, = found.one("ScaledObject")["spec"]["triggers"]
        self.assertEqual(trigger["metadata"], {
            "serverAddress": "http://prometheus:9090", "threshold": "20000",
            "query": 'sum(crier_connections{job="crier",namespace="pushing",'
                     'instance=~"push-crier-[a-z0-9]+-[a-z0-9]+"})'})
        self.assertEqual(trigger["authenticationRef"], {"name": "prometheus"})
        other = self.rendered(*CASES["keda"], *sets(autoscaling__keda__query="vector(1)"))
        self.assertEqual(other.one("ScaledObject")["spec"]["triggers"][0]["metadata"]["query"],
                         "vector(1)")

    def test_pods_go_slowly(self):
        keda = self.rendered(*CASES["keda"]).one("ScaledObject")["spec"]["advanced"]
        hpa = self.rendered(*CASES["cluster"]).one("HorizontalPodAutoscaler")["spec"]
        for behavior in (hpa["behavior"], keda["horizontalPodAutoscalerConfig"]["behavior"]):
            self.assertEqual(behavior, {"scaleDown": {
                "stabilizationWindowSeconds": 600,
                "policies": [{"type": "Pods", "value": 1, "periodSeconds": 300}]}})


class Secrets(ChartTest):
    def bus(self, *arguments):
        return yaml.safe_load(self.rendered(*arguments).config())["bus"]

    def files(self, *arguments):
        """Secret and key by the path at which crier finds them."""
        found = self.rendered(*arguments)
        mounts = {mount["name"]: mount["mountPath"] for mount in found.container()["volumeMounts"]}
        return {f"{mounts[volume['name']]}/{item['path']}":
                (volume["secret"]["secretName"], item["key"])
                for volume in found.pod()["volumes"] if "secret" in volume
                for item in volume["secret"]["items"]}

    def test_the_configuration_names_the_files_that_are_mounted(self):
        bus, files = self.bus(*SECRETS), self.files(*SECRETS)
        self.assertEqual(files.pop(bus["password_file"]), ("pw", "word"))
        for key, secret_key in (("ca_file", "ca.crt"), ("cert_file", "tls.crt"),
                                ("key_file", "tls.key")):
            self.assertEqual(files.pop(bus["tls"][key]), ("certificates", secret_key))
        self.assertEqual(files, {})

    def test_authorities_alone(self):
        alone = SECRETS + sets(redis__tlsSecret__cert="", redis__tlsSecret__key="")
        tls = self.bus(*alone)["tls"]
        self.assertEqual((tls["cert_file"], tls["key_file"]), ("", ""))
        self.assertIn(("certificates", "ca.crt"), self.files(*alone).values())
        self.assertNotIn(("certificates", "tls.key"), self.files(*alone).values())

    def test_none_by_default(self):
        self.assertEqual(self.files(*BUS), {})
        self.assertEqual(self.bus(*BUS)["password_file"], "")

    def test_another_secret_is_another_pod(self):
        def template(*arguments):
            return self.rendered(*BUS, *arguments).deployment()["template"]
        self.assertNotEqual(template(), template(*sets(redis__passwordSecret__name="pw")))


class Policy(ChartTest):
    def egress(self, *arguments):
        return self.rendered(*arguments).one("NetworkPolicy")["spec"]["egress"]

    def ports(self, url, **values):
        rules = self.egress(*sets(config__bus__url=url, **values))
        return [port["port"] for port in rules[1]["ports"]]

    def test_names_can_be_looked_up(self):
        self.assertEqual({(port["port"], port["protocol"]) for port in self.egress(*BUS)[0]["ports"]},
                         {(53, "UDP"), (53, "TCP")})

    def test_redis_can_be_dialled(self):
        self.assertEqual(self.ports("redis://redis"), [6379])
        self.assertEqual(self.ports("redis://a:7000,b,[::1]:7001,[::2],b:7000/3"),
                         [7000, 6379, 7001])
        self.assertEqual(self.ports("redis://a,b:7000", config__bus__sentinel_master="main"),
                         [26379, 7000, 6379])
        self.assertEqual(self.ports("redis://a:1", networkPolicy__redis__ports=[2, 3]), [1, 2, 3])

    def test_peers_of_ones_own_are_kept(self):
        found = self.egress(*CASES["cluster"], *sets(networkPolicy__egress=[{"to": PEER}]))
        self.assertEqual(found[1]["to"], [{"namespaceSelector": {
            "matchLabels": {"kubernetes.io/metadata.name": "data"}}}])
        self.assertEqual(found[2], {"to": PEER})


class Refusals(ChartTest):
    def test_many_pods_without_a_bus(self):
        self.refused("replicas is 2 and config.bus.url is empty: without a bus nodes of crier do not "
                     "pass broadcasts on to each other", *sets(replicas=2))
        self.refused("autoscaling.hpa is enabled and config.bus.url is empty",
                     *sets(autoscaling__hpa__enabled=True))
        self.refused("autoscaling.keda is enabled and config.bus.url is empty",
                     *sets(autoscaling__keda__enabled=True))

    def test_autoscalers_that_cannot_work(self):
        hpa = BUS + sets(autoscaling__hpa__enabled=True)
        self.refused("both enabled", *hpa, *sets(autoscaling__keda__enabled=True))
        self.refused("autoscaling.hpa is enabled and replicas is 0", *hpa, *sets(replicas=0))
        self.refused("autoscaling.minReplicas is 7, which is more than autoscaling.maxReplicas, "
                     "which is 6", *hpa, *sets(autoscaling__minReplicas=7))
        self.refused("there is nothing to scale by",
                     *hpa, *sets(autoscaling__hpa__targetMemoryPercent=0))
        self.refused("autoscaling.keda.prometheusAddress is empty",
                     *BUS, *sets(autoscaling__keda__enabled=True))
        self.refused("minReplicas", *hpa, *sets(autoscaling__minReplicas=0))

    def test_secrets_in_a_config_map(self):
        self.refused("config.bus.password would stand in a ConfigMap",
                     *BUS, *sets(config__bus__password="hunter2"))
        self.refused("config.bus.url has a user or a password, which would stand in a ConfigMap",
                     *sets(config__bus__url="redis://:hunter2@redis"))

    def test_secrets_that_would_do_nothing(self):
        for name in ("passwordSecret", "tlsSecret"):
            self.refused(f"redis.{name} does nothing while config.bus.url is empty",
                         *sets(**{f"redis__{name}__name": "a"}))
        self.refused("redis.tlsSecret does nothing unless config.bus.url begins with rediss://",
                     *BUS, *sets(redis__tlsSecret__name="a"))
        self.refused("names a Secret and none of its keys",
                     *SECRETS, *sets(redis__tlsSecret__ca="", redis__tlsSecret__cert="",
                                     redis__tlsSecret__key=""))

    def test_two_answers_to_one_question(self):
        self.refused("both say where the password is",
                     *SECRETS, *sets(config__bus__password_file="/a"))
        self.refused("redis.tlsSecret and config.bus.tls.ca_file both name a file",
                     *SECRETS, *sets(config__bus__tls__ca_file="/a"))
        for key in ("cert", "key"):
            self.refused("go together", *SECRETS, *sets(**{f"redis__tlsSecret__{key}": ""}))


if __name__ == "__main__":
    unittest.main()
