{{- /* What would render but never work, or not as meant. */ -}}
{{- define "crier.validate" -}}
{{- include "crier.validateBus" . -}}
{{- include "crier.validateControl" . -}}
{{- include "crier.validateScaling" . -}}
{{- include "crier.validateAddresses" . -}}
{{- include "crier.validateServices" . -}}
{{- if and .Values.metrics.serviceMonitor.enabled .Values.metrics.podMonitor.enabled -}}
{{- fail "metrics.serviceMonitor and metrics.podMonitor are both enabled: everything would be scraped and counted twice; enable one" -}}
{{- end -}}
{{- end -}}

{{- define "crier.validateAddresses" -}}
{{- $addresses := dict -}}
{{- range $index, $listener := .Values.config.listeners -}}
{{- $_ := set $addresses (printf "config.listeners[%d].address" $index) $listener.address -}}
{{- end -}}
{{- range $plane := list "control" "ops" -}}
{{- $_ := set $addresses (printf "config.%s.address" $plane) (get $.Values.config $plane).address -}}
{{- end -}}
{{- $seen := dict -}}
{{- range $key, $address := $addresses -}}
{{- $port := include "crier.port" $address -}}
{{- if or (hasPrefix "127." $address) (hasPrefix "[::1]" $address) -}}
{{- fail (printf "%s is %s: on loopback nothing outside the pod reaches it; use 0.0.0.0" $key $address) -}}
{{- end -}}
{{- if eq (int $port) 0 -}}
{{- fail (printf "%s is %s: a Service cannot find a port that is chosen at start; name one" $key $address) -}}
{{- end -}}
{{- with get $seen $port -}}
{{- fail (printf "%s and %s have the same port %s: give each its own" . $key $port) -}}
{{- end -}}
{{- $_ := set $seen $port $key -}}
{{- end -}}
{{- end -}}

{{- define "crier.validateServices" -}}
{{- if ne .Values.service.control.type "ClusterIP" -}}
{{- fail (printf "service.control.type is %s: whoever reaches the control API may push to every client and close them; keep ClusterIP, and for callers from elsewhere put a Service of your own into extraObjects" .Values.service.control.type) -}}
{{- end -}}
{{- $data := .Values.service.data -}}
{{- if eq $data.type "ClusterIP" -}}
{{- range $key := list "externalTrafficPolicy" "nodePorts" -}}
{{- if get $data $key -}}
{{- fail (printf "service.data.%s does nothing while service.data.type is ClusterIP" $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if ne $data.type "LoadBalancer" -}}
{{- range $key := list "loadBalancerSourceRanges" "loadBalancerClass" -}}
{{- if get $data $key -}}
{{- fail (printf "service.data.%s does nothing while service.data.type is %s" $key $data.type) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $names := list -}}
{{- range .Values.config.listeners -}}
{{- $names = append $names (default "default" .name) -}}
{{- end -}}
{{- range $name, $port := $data.nodePorts -}}
{{- if not (has $name $names) -}}
{{- fail (printf "service.data.nodePorts names %s, but there is no such listener" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
