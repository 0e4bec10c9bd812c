{{- /* One endpoint of a ServiceMonitor or PodMonitor; call it with that part of the values. The
       instance is the pod, which stays readable in the dashboards; the job is the same everywhere,
       which is what the alerts rely on. */ -}}
{{- define "crier.endpoint" -}}
- port: ops
  path: /metrics
  {{- with .interval }}
  interval: {{ . }}
  {{- end }}
  {{- with .scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  relabelings:
    - sourceLabels: [__meta_kubernetes_pod_name]
      targetLabel: instance
    - targetLabel: job
      replacement: crier
    {{- with .relabelings }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
