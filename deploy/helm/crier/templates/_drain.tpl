{{- /* A duration such as 1500ms, 30s, 5m or 1h in whole seconds, rounded up. */ -}}
{{- define "crier.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- if eq $unit "ms" -}}{{ div (add $number 999) 1000 }}
{{- else -}}{{ mul $number (get (dict "s" 1 "m" 60 "h" 3600) $unit) }}
{{- end -}}
{{- end -}}

{{- /* How long crier may take after SIGTERM, in seconds; defaults are crier's own. */ -}}
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
{{- fail (printf "terminationGracePeriodSeconds is %d, but preStopSleepSeconds and config.drain take up to %d: a pod that is killed while it drains drops every client that is left at once" (int64 $given) $needed) -}}
{{- else -}}{{ int64 $given }}
{{- end -}}
{{- end -}}
