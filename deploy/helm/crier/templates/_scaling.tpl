{{- /* Which autoscaler decides about the number of pods, if any. */ -}}
{{- define "crier.autoscaler" -}}
{{- if .Values.autoscaling.hpa.enabled }}hpa{{ else if .Values.autoscaling.keda.enabled }}keda{{ end -}}
{{- end -}}

{{- /* How an autoscaler may take pods away. */ -}}
{{- define "crier.scaleDown" -}}
# A pod that goes disconnects its clients, and those that are left take them all.
scaleDown:
  stabilizationWindowSeconds: {{ .Values.autoscaling.scaleDown.stabilizationSeconds }}
  policies:
    - type: Pods
      value: 1
      periodSeconds: {{ .Values.autoscaling.scaleDown.periodSeconds }}
{{- end -}}

{{- /* The clients of this release, as Prometheus knows them; `instance` is the pod's name. */ -}}
{{- define "crier.connectionsQuery" -}}
{{- default (printf `sum(crier_connections{job="crier",namespace="%s",instance=~"%s-[a-z0-9]+-[a-z0-9]+"})` .Release.Namespace (include "crier.fullname" .)) .Values.autoscaling.keda.query -}}
{{- end -}}

{{- define "crier.validateScaling" -}}
{{- $url := include "crier.busUrl" . -}}
{{- $scaling := .Values.autoscaling -}}
{{- if and (gt (int .Values.replicas) 1) (not $url) -}}
{{- fail (printf "replicas is %d and config.bus.url is empty: without a bus nodes of crier do not pass broadcasts on to each other, so each would reach only its own clients; name a Redis or keep 1" (int .Values.replicas)) -}}
{{- end -}}
{{- if and $scaling.hpa.enabled $scaling.keda.enabled -}}
{{- fail "autoscaling.hpa and autoscaling.keda are both enabled: they would work against each other; enable one" -}}
{{- end -}}
{{- with include "crier.autoscaler" . -}}
{{- if not $url -}}
{{- fail (printf "autoscaling.%s is enabled and config.bus.url is empty: without a bus each pod would reach only its own clients; name a Redis" .) -}}
{{- end -}}
{{- if eq (int $.Values.replicas) 0 -}}
{{- fail (printf "autoscaling.%s is enabled and replicas is 0: an autoscaler does not stop crier; disable it too" .) -}}
{{- end -}}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
{{- fail (printf "autoscaling.minReplicas is %d, which is more than autoscaling.maxReplicas, which is %d" (int $scaling.minReplicas) (int $scaling.maxReplicas)) -}}
{{- end -}}
{{- end -}}
{{- $hpa := $scaling.hpa -}}
{{- if and $hpa.enabled (not (or $hpa.targetMemoryPercent $hpa.targetCPUPercent $hpa.targetConnections)) -}}
{{- fail "autoscaling.hpa is enabled and all its targets are 0: there is nothing to scale by" -}}
{{- end -}}
{{- if and $scaling.keda.enabled (not $scaling.keda.prometheusAddress) -}}
{{- fail "autoscaling.keda is enabled and autoscaling.keda.prometheusAddress is empty: KEDA has to ask a Prometheus for the number of clients" -}}
{{- end -}}
{{- end -}}
