"""What must not render, and the sentence that says why."""

import unittest

from cases import sets
from harness import ChartTest

BALANCER = sets(service__data__type="LoadBalancer")


class Refusals(ChartTest):
    def test_control_without_authentication_outside_the_cluster(self):
        for kind in ("LoadBalancer", "NodePort"):
            self.refused(f"service.control.type is {kind}: whoever reaches the control API may "
                         "push to every client", *sets(service__control__type=kind))

    def test_loopback(self):
        for key in ("config.control.address", "config.ops.address"):
            self.refused(f"{key} is 127.0.0.1:1: on loopback nothing outside the pod reaches it",
                         "--set", f"{key}=127.0.0.1:1")
        self.refused("config.listeners[0].address is [::1]:1: on loopback",
                     *sets(config__listeners=[{"address": "[::1]:1"}]))

    def test_a_port_chosen_at_start(self):
        self.refused("config.ops.address is 0.0.0.0:0: a Service cannot find a port",
                     *sets(config__ops__address="0.0.0.0:0"))

    def test_one_port_for_two(self):
        self.refused("config.control.address and config.listeners[0].address have the same port",
                     *sets(config__control__address="0.0.0.0:8082"))

    def test_options_that_would_do_nothing(self):
        self.refused("service.data.externalTrafficPolicy does nothing while service.data.type is "
                     "ClusterIP", *sets(service__data__externalTrafficPolicy="Local"))
        self.refused("service.data.nodePorts does nothing",
                     *sets(service__data__nodePorts={"default": 30000}))
        self.refused("service.data.loadBalancerClass does nothing while service.data.type is "
                     "NodePort", *sets(service__data={"type": "NodePort",
                                                      "loadBalancerClass": "a/b"}))
        self.refused("service.data.nodePorts names other, but there is no such listener", *BALANCER,
                     *sets(service__data__nodePorts={"other": 30000}))
        self.refused("metrics.prometheusRule.disabled names CrierDwon, but there is no such alert",
                     *sets(metrics__prometheusRule={"enabled": True, "disabled": ["CrierDwon"]}))

    def test_scraping_twice(self):
        self.refused("both enabled", *sets(metrics__serviceMonitor__enabled=True,
                                           metrics__podMonitor__enabled=True))

    def test_an_older_kubernetes(self):
        self.refused("1.30.0", "--kube-version", "1.29.0")


class Schema(ChartTest):
    """Misspellings and wrong types, found before anything reaches a cluster."""

    def test_unknown_values(self):
        for key in ("replicaCount", "config.drian", "config.control.adress", "image.name",
                    "config.limits.budget_bytes", "service.data.kind", "service.grpc",
                    "metrics.enabled", "networkPolicy.allow", "livenessProbe.httpGet",
                    "redis.url", "tls",
                    "autoscaling.enabled", "autoscaling.hpa.maxReplicas"):
            with self.subTest(key):
                self.refused(key.rsplit(".", 1)[-1], *sets(**{key.replace(".", "__"): True}))

    def test_wrong_values(self):
        for key, value in (
                ("config.drain.spread", "soon"), ("config.shards", "two"), ("config.shards", 257),
                ("config.control.address", "localhost:50051"), ("config.log.level", "loud"),
                ("config.listeners", []), ("image.digest", "sha256:0"), ("image.repository", ""),
                ("service.data.type", "ExternalName"), ("commonLabels", {"a": 1}),
                ("preStopSleepSeconds", -1), ("extraEnv", {"A": "b"}), ("replicas", -1),
                ("autoscaling.keda.prometheusAddress", "prometheus:9090"),
                ("networkPolicy.redis.ports", ["redis"]), ("redis.passwordSecret.key", ""),
                ("networkPolicy.enabled", "yes"), ("podAnnotations", {"a": True})):
            with self.subTest(key):
                self.refused(key.split(".", maxsplit=1)[0],
                             *sets(**{key.replace(".", "__"): value}))

    def test_listeners_are_judged_too(self):
        for listener in ({"name": "no address"}, {"address": "0.0.0.0:1", "frame": "line"},
                         {"address": "0.0.0.0:1", "framing": "morse"},
                         {"address": "0.0.0.0:1", "length_bytes": 3},
                         {"address": "0.0.0.0:1", "queue": {"max_frames": -1}},
                         {"address": "0.0.0.0:1", "queue": {"max_bytes": "2MB"}}):
            with self.subTest(listener):
                self.refused("listeners", *sets(config__listeners=[listener]))


if __name__ == "__main__":
    unittest.main()
