{{- define "crier.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- /* At most 50 characters, so that the Services' suffixes fit into a name's 63. */ -}}
{{- define "crier.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* Never to be changed: a Deployment's selector is fixed for life. */ -}}
{{- define "crier.selectorLabels" -}}
app.kubernetes.io/name: {{ include "crier.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "crier.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "crier.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "crier.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- /* The port of "host:port". */ -}}
{{- define "crier.port" -}}
{{- regexFind "[0-9]+$" . -}}
{{- end -}}

{{- /* The name of a listener's port, from its index; port names are shorter than listeners' may be. */ -}}
{{- define "crier.dataPortName" -}}
{{- if eq . 0 }}data{{ else }}{{ printf "data-%d" . }}{{ end -}}
{{- end -}}

{{- /* A duration such as 1500ms, 30s, 5m or 1h in whole seconds, rounded up. */ -}}
{{- define "crier.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- if eq $unit "ms" -}}{{ div (add $number 999) 1000 }}
{{- else -}}{{ mul $number (get (dict "s" 1 "m" 60 "h" 3600) $unit) }}
{{- end -}}
{{- end -}}

{{- /* How long crier may take after SIGTERM, in seconds; the defaults are crier's own. */ -}}
{{- define "crier.drainSeconds" -}}
{{- $drain := default dict .Values.config.drain -}}
{{- $deadline := include "crier.seconds" (default "0s" $drain.deadline) | int64 -}}
{{- if gt $deadline 0 -}}{{ $deadline }}
{{- else -}}
{{- $settle := include "crier.seconds" (default "0s" $drain.settle) | int64 -}}
{{- $spread := include "crier.seconds" (default "5s" $drain.spread) | int64 -}}
{{- $flush := include "crier.seconds" (default "2s" $drain.flush) | int64 -}}
{{- add $settle $spread $flush 5 -}}
{{- end -}}
{{- end -}}

{{- /* A pod that is killed while it drains drops every client that is left at once. */ -}}
{{- define "crier.gracePeriodSeconds" -}}
{{- $needed := add .Values.preStopSleepSeconds (include "crier.drainSeconds" . | int64) -}}
{{- $given := .Values.terminationGracePeriodSeconds -}}
{{- if kindIs "invalid" $given -}}{{ add $needed 10 }}
{{- else if lt (int64 $given) $needed -}}
{{- fail (printf "terminationGracePeriodSeconds is %d, but preStopSleepSeconds and config.drain take up to %d" (int64 $given) $needed) -}}
{{- else -}}{{ int64 $given }}
{{- end -}}
{{- end -}}

{{- /* What would render but never work. */ -}}
{{- define "crier.validate" -}}
{{- range $plane := list "control" "ops" -}}
{{- $address := (index $.Values.config $plane).address -}}
{{- if or (hasPrefix "127." $address) (hasPrefix "[::1]" $address) -}}
{{- fail (printf "config.%s.address is %s: on loopback nothing outside the pod reaches it; use 0.0.0.0" $plane $address) -}}
{{- end -}}
{{- end -}}
{{- end -}}
