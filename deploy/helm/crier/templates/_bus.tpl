{{- /* The Redis that joins the pods; empty: there is none. */ -}}
{{- define "crier.busUrl" -}}
{{- default "" (default dict .Values.config.bus).url -}}
{{- end -}}

{{- /* The addresses of that URL: between "redis://" and "/". */ -}}
{{- define "crier.busHosts" -}}
{{- regexReplaceAll "^rediss?://([^/]*).*$" (include "crier.busUrl" .) "${1}" -}}
{{- end -}}

{{- /* The ports at which Redis and its Sentinels are dialled, as a list in JSON. */ -}}
{{- define "crier.busPorts" -}}
{{- $sentinel := (default dict .Values.config.bus).sentinel_master -}}
{{- $ports := list -}}
{{- range splitList "," (include "crier.busHosts" .) -}}
{{- $port := regexFind ":[0-9]+$" . | trimPrefix ":" -}}
{{- $ports = append $ports (default (ternary "26379" "6379" (not (empty $sentinel))) $port | int) -}}
{{- end -}}
{{- if $sentinel -}}
{{- $ports = append $ports 6379 -}}
{{- end -}}
{{- range .Values.networkPolicy.redis.ports -}}
{{- $ports = append $ports (int .) -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}

{{- /* The keys of the TLS Secret that are used, by the key of config.bus.tls that names their file. */ -}}
{{- define "crier.tlsFiles" -}}
{{- $files := dict -}}
{{- range $key, $secretKey := dict "ca_file" .Values.redis.tlsSecret.ca "cert_file" .Values.redis.tlsSecret.cert "key_file" .Values.redis.tlsSecret.key -}}
{{- if and $.Values.redis.tlsSecret.name $secretKey -}}
{{- $_ := set $files $key $secretKey -}}
{{- end -}}
{{- end -}}
{{- toJson $files -}}
{{- end -}}

{{- /* crier's configuration: that of the values, with the files of the Secrets. */ -}}
{{- define "crier.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $config := mergeOverwrite $config (dict "control" (include "crier.controlFiles" . | fromJson)) -}}
{{- if .Values.redis.passwordSecret.name -}}
{{- $_ := set $config.bus "password_file" "/etc/crier-redis/password" -}}
{{- end -}}
{{- range $key, $secretKey := include "crier.tlsFiles" . | fromJson -}}
{{- $tls := default dict $config.bus.tls -}}
{{- $_ := set $tls $key (printf "/etc/crier-redis-tls/%s" $secretKey) -}}
{{- $_ := set $config.bus "tls" $tls -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "crier.secretVolumes" -}}
{{- with .Values.redis.passwordSecret }}
{{- if .name }}
- name: redis-password
  secret:
    secretName: {{ .name }}
    items:
      - key: {{ .key }}
        path: password
{{- end }}
{{- end }}
{{- if .Values.redis.tlsSecret.name }}
- name: redis-tls
  secret:
    secretName: {{ .Values.redis.tlsSecret.name }}
    items:
      {{- range $_, $secretKey := include "crier.tlsFiles" . | fromJson }}
      - key: {{ $secretKey }}
        path: {{ $secretKey }}
      {{- end }}
{{- end }}
{{- end -}}

{{- define "crier.secretMounts" -}}
{{- if .Values.redis.passwordSecret.name }}
- name: redis-password
  mountPath: /etc/crier-redis
  readOnly: true
{{- end }}
{{- if .Values.redis.tlsSecret.name }}
- name: redis-tls
  mountPath: /etc/crier-redis-tls
  readOnly: true
{{- end }}
{{- end -}}

{{- define "crier.validateBus" -}}
{{- $bus := default dict .Values.config.bus -}}
{{- $url := include "crier.busUrl" . -}}
{{- if $bus.password -}}
{{- fail "config.bus.password would stand in a ConfigMap for everybody to read; keep it in a Secret and name that in redis.passwordSecret" -}}
{{- end -}}
{{- if contains "@" $url -}}
{{- fail "config.bus.url has a user or a password, which would stand in a ConfigMap; use config.bus.username and redis.passwordSecret" -}}
{{- end -}}
{{- range $secret := list "passwordSecret" "tlsSecret" -}}
{{- if and (get $.Values.redis $secret).name (not $url) -}}
{{- fail (printf "redis.%s does nothing while config.bus.url is empty" $secret) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.redis.passwordSecret.name $bus.password_file -}}
{{- fail "redis.passwordSecret and config.bus.password_file both say where the password is; keep one" -}}
{{- end -}}
{{- include "crier.validateTlsSecret" . -}}
{{- end -}}

{{- define "crier.validateTlsSecret" -}}
{{- $secret := .Values.redis.tlsSecret -}}
{{- $files := include "crier.tlsFiles" . | fromJson -}}
{{- if $secret.name -}}
{{- if not (hasPrefix "rediss://" (include "crier.busUrl" .)) -}}
{{- fail "redis.tlsSecret does nothing unless config.bus.url begins with rediss://" -}}
{{- end -}}
{{- if not $files -}}
{{- fail "redis.tlsSecret names a Secret and none of its keys" -}}
{{- end -}}
{{- if ne (empty $secret.cert) (empty $secret.key) -}}
{{- fail "redis.tlsSecret.cert and redis.tlsSecret.key go together: give both or neither" -}}
{{- end -}}
{{- range $key, $_ := $files -}}
{{- if get (default dict $.Values.config.bus.tls) $key -}}
{{- fail (printf "redis.tlsSecret and config.bus.tls.%s both name a file; keep one" $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
