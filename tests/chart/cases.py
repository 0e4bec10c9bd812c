"""The values with which the chart is rendered: each switch on and off, and all of them at once."""

import json
import os

from harness import CHART


def sets(**values):
    """Arguments for values by key, where __ stands for a dot."""
    return [word for key, value in values.items()
            for word in ("--set-json", f"{key.replace('__', '.')}={json.dumps(value)}")]


PEER = [{"podSelector": {"matchLabels": {"team": "push"}}}]
LISTENERS = [{"name": name, "address": f"0.0.0.0:{port}", "framing": framing}
             for name, port, framing in (("lines", 7001, "line"), ("frames", 7002, "varint"))]
OTHER_PORTS = sets(config__control__address="[::]:7003", config__ops__address="[::]:7004")

CASES = {
    "default": [],
    "names": sets(nameOverride="pusher"),
    "full-name": sets(fullnameOverride="x" * 63),
    "stopped": sets(replicas=0),
    "labels": sets(commonLabels={"team": "push"}, podLabels={"a": "b"}, podAnnotations={"c": "d"}),
    "image": sets(image={"repository": "example.org/crier", "tag": "1", "pullPolicy": "Always"},
                  imagePullSecrets=[{"name": "registry"}]),
    "no-account": sets(serviceAccount__create=False),
    "account": sets(serviceAccount={"create": False, "name": "mine"}),
    "account-annotated": sets(serviceAccount={"name": "its", "annotations": {"a": "b"}}),
    "listeners": sets(config__listeners=LISTENERS) + OTHER_PORTS,
    "load-balancer": sets(service__data={
        "type": "LoadBalancer", "externalTrafficPolicy": "Local", "annotations": {"a": "b"},
        "loadBalancerSourceRanges": ["192.0.2.0/24", "2001:db8::/32"],
        "loadBalancerClass": "example.org/lb", "ipFamilyPolicy": "PreferDualStack"}),
    "node-port": sets(service__data={"type": "NodePort", "nodePorts": {"default": 30082}}),
    "annotations": sets(service__control__annotations={"a": "b"},
                        service__ops__annotations={"c": "d"}),
    "no-policy": sets(networkPolicy__enabled=False),
    "policy": sets(networkPolicy={
        "data": {"from": PEER}, "control": {"from": PEER}, "ops": {"from": []},
        "extraIngress": [{"from": PEER}], "egress": [{"to": PEER}]}),
    "service-monitor": sets(metrics__serviceMonitor={
        "enabled": True, "labels": {"a": "b"}, "interval": "15s", "scrapeTimeout": "5s",
        "relabelings": [{"action": "labeldrop", "regex": "endpoint"}],
        "metricRelabelings": [{"action": "labeldrop", "regex": "x"}]}),
    "pod-monitor": sets(metrics__podMonitor={"enabled": True, "interval": "1m"}),
    "rules": sets(metrics__prometheusRule={
        "enabled": True, "labels": {"a": "b"}, "disabled": ["CrierImbalance"],
        "ruleLabels": {"team": "push"}, "runbookUrl": "https://example.org/runbooks/"}),
    "dashboards": sets(metrics__dashboards={"enabled": True, "annotations": {"folder": "push"}}),
    "bus": sets(config__bus__url="redis://redis", replicas=3),
    "sentinels": sets(config__bus={"url": "redis://a,b:7000", "sentinel_master": "main",
                                   "password_file": "/more/password"}, replicas=2),
    "control-tls": sets(control={"tlsSecret": {"name": "certificates"}, "callerSecret": {"name": "me"}}),
    "control-roles": sets(control__rolesSecret={"name": "callers", "key": "who"},
                          control__callerSecret={"name": "me", "ca": ""}),
    "clients": sets(
        extraVolumes=[{"name": "clients", "secret": {"secretName": "crier-clients"}}],
        extraVolumeMounts=[{"name": "clients", "mountPath": "/etc/crier-clients", "readOnly": True}],
        config__listeners=[{
            "address": "0.0.0.0:8443", "framing": "length", "codec": "envelope",
            "tls": {"cert_file": "/etc/crier-clients/tls.crt", "key_file": "/etc/crier-clients/tls.key"},
            "auth": {"method": "jwt", "keys_file": "/etc/crier-clients/jwks.json", "audience": "crier"},
            "max_connections_per_identity": 3, "accept_rate": 500, "max_age": "24h",
            "inbound": {"messages_per_second": 20, "bytes_per_second": "64KiB", "close_after": "30s"}}]),
    "clients-and-plain": sets(config__listeners=[
        {"name": "behind", "address": "0.0.0.0:7001", "proxy_protocol": "required",
         "proxy_trusted": "10.0.0.0/8"},
        {"name": "inside", "address": "0.0.0.0:7002", "proxy_protocol": "off",
         "auth": {"method": "none"}, "codec": "plain"}]),
    "keda": sets(config__bus__url="redis://redis", autoscaling__keda={
        "enabled": True, "prometheusAddress": "http://prometheus:9090", "targetConnections": 20000,
        "authenticationRef": "prometheus"}),
    "budget": sets(podDisruptionBudget__enabled=True),
    "times": sets(preStopSleepSeconds=0, config__drain={"settle": "1500ms", "spread": "2m"}),
    "deadline": sets(config__drain={"deadline": "1h"}, terminationGracePeriodSeconds=4000),
    "large-numbers": sets(config__listeners=[{
        "address": "0.0.0.0:8082", "max_connections": 16777216, "send_buffer_bytes": 1073741824,
        "queue": {"max_bytes": 4294967296, "max_frames": 1000000}}]),
    "placement": sets(
        priorityClassName="high", runtimeClassName="gvisor", nodeSelector={"a": "b"},
        tolerations=[{"operator": "Exists"}], affinity={"podAntiAffinity": {}},
        topologySpreadConstraints=[
            {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"},
            {"maxSkew": 2, "topologyKey": "host", "whenUnsatisfiable": "DoNotSchedule",
             "labelSelector": {"matchLabels": {"mine": "yes"}}}]),
    "hatches": sets(
        extraEnv=[{"name": "GRPC_VERBOSITY", "value": "info"}],
        extraEnvFrom=[{"configMapRef": {"name": "more"}}],
        extraVolumes=[{"name": "more", "emptyDir": {}}],
        extraVolumeMounts=[{"name": "more", "mountPath": "/more"}],
        podSecurityContext={"sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]},
        extraObjects=[{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine"}},
                      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-x"]),
    "probes": sets(startupProbe__failureThreshold=60, readinessProbe__timeoutSeconds=2,
                   livenessProbe__initialDelaySeconds=1),
}
# Files as the chart's users write them.
for _name in sorted(os.listdir(f"{CHART}/ci")):
    CASES[_name.removesuffix("-values.yaml")] = ["--values", f"{CHART}/ci/{_name}"]
