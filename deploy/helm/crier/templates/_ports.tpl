{{- /* The port of "host:port". */ -}}
{{- define "crier.port" -}}
{{- regexFind "[0-9]+$" . -}}
{{- end -}}

{{- /* The name of a listener's port, from its index: a port's name is shorter than a listener's. */ -}}
{{- define "crier.dataPortName" -}}
{{- if eq . 0 }}data{{ else }}{{ printf "data-%d" . }}{{ end -}}
{{- end -}}

{{- /* The ports of Services that serve every listener. */ -}}
{{- define "crier.dataServicePorts" -}}
{{- range $index, $listener := .Values.config.listeners }}
- name: {{ include "crier.dataPortName" $index }}
  port: {{ include "crier.port" $listener.address }}
  targetPort: {{ include "crier.dataPortName" $index }}
  protocol: TCP
  appProtocol: tcp
  {{- with get $.Values.service.data.nodePorts (default "default" $listener.name) }}
  nodePort: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* The port of the plane "control" or "ops"; call it with (dict "root" $ "plane" ...). */ -}}
{{- define "crier.planeServicePort" -}}
- name: {{ .plane }}
  port: {{ include "crier.port" (get .root.Values.config .plane).address }}
  targetPort: {{ .plane }}
  protocol: TCP
  appProtocol: {{ get (dict "control" "grpc" "ops" "http") .plane }}
{{- end -}}

{{- /* The first listener of which `crierctl` and `nc` can be clients, as JSON: one that asks for nothing more than a TCP connection. Nothing where there is none. */ -}}
{{- define "crier.plainListener" -}}
{{- $found := dict -}}
{{- range .Values.config.listeners -}}
{{- $tls := dig "tls" "cert_file" "" . -}}
{{- $auth := ne (dig "auth" "method" "none" .) "none" -}}
{{- $envelope := eq (default "plain" .codec) "envelope" -}}
{{- $proxy := eq (default "off" .proxy_protocol) "required" -}}
{{- if not (or $found $tls $auth $envelope $proxy) -}}
{{- $found = . -}}
{{- end -}}
{{- end -}}
{{- with $found -}}{{ toJson . }}{{- end -}}
{{- end -}}
