{{- /* The keys of the control API's TLS Secret that are used, by the key of config.control.tls that names their file. */ -}}
{{- define "crier.controlTlsFiles" -}}
{{- $secret := .Values.control.tlsSecret -}}
{{- $files := dict -}}
{{- if $secret.name -}}
{{- $_ := set $files "cert_file" $secret.cert -}}
{{- $_ := set $files "key_file" $secret.key -}}
{{- with $secret.ca -}}
{{- $_ := set $files "client_ca_file" . -}}
{{- end -}}
{{- end -}}
{{- toJson $files -}}
{{- end -}}

{{- /* What of config.control is not as the values have it but as the Secrets do, with the rest of its keys for files, as JSON. */ -}}
{{- define "crier.controlFiles" -}}
{{- $control := .Values.config.control -}}
{{- $tls := deepCopy (default dict $control.tls) -}}
{{- range $key, $secretKey := include "crier.controlTlsFiles" . | fromJson -}}
{{- $_ := set $tls $key (printf "/etc/crier-control-tls/%s" $secretKey) -}}
{{- end -}}
{{- $roles := ternary "/etc/crier-control-roles/roles" $control.roles_file (not (empty .Values.control.rolesSecret.name)) -}}
{{- $insecure := and $control.insecure (empty $roles) (empty $tls.client_ca_file) -}}
{{- dict "tls" $tls "roles_file" (default "" $roles) "insecure" $insecure | toJson -}}
{{- end -}}

{{- /* "yes" where callers prove who they are. */ -}}
{{- define "crier.controlAuthenticates" -}}
{{- $control := include "crier.controlFiles" . | fromJson -}}
{{- if or $control.roles_file $control.tls.client_ca_file -}}yes{{- end -}}
{{- end -}}

{{- /* "yes" where a caller needs more than the address. */ -}}
{{- define "crier.controlGuarded" -}}
{{- $control := include "crier.controlFiles" . | fromJson -}}
{{- if or (include "crier.controlAuthenticates" .) $control.tls.cert_file -}}yes{{- end -}}
{{- end -}}

{{- define "crier.controlVolumes" -}}
{{- with .Values.control.tlsSecret.name }}
- name: control-tls
  secret:
    secretName: {{ . }}
    items:
      {{- range $_, $secretKey := include "crier.controlTlsFiles" $ | fromJson }}
      - key: {{ $secretKey }}
        path: {{ $secretKey }}
      {{- end }}
{{- end }}
{{- with .Values.control.rolesSecret }}
{{- if .name }}
- name: control-roles
  secret:
    secretName: {{ .name }}
    items:
      - key: {{ .key }}
        path: roles
{{- end }}
{{- end }}
{{- end -}}

{{- define "crier.controlMounts" -}}
{{- if .Values.control.tlsSecret.name }}
- name: control-tls
  mountPath: /etc/crier-control-tls
  readOnly: true
{{- end }}
{{- if .Values.control.rolesSecret.name }}
- name: control-roles
  mountPath: /etc/crier-control-roles
  readOnly: true
{{- end }}
{{- end -}}

{{- /* "yes" where the test has what it takes to call. */ -}}
{{- define "crier.testable" -}}
{{- if or .Values.control.callerSecret.name (not (include "crier.controlGuarded" .)) -}}yes{{- end -}}
{{- end -}}

{{- /* What `crierctl` in the test says to be let in. */ -}}
{{- define "crier.callerArguments" -}}
{{- $secret := .Values.control.callerSecret -}}
{{- $control := include "crier.controlFiles" . | fromJson -}}
{{- $encrypted := $control.tls.cert_file -}}
{{- if $secret.name }}
{{- if and $encrypted $secret.ca }}
- --tls-ca=/etc/crier-caller/{{ $secret.ca }}
{{- else if $encrypted }}
- --tls
{{- else }}
- --token-in-plaintext
{{- end }}
{{- with $secret.token }}
- --token-file=/etc/crier-caller/{{ . }}
{{- end }}
{{- if $secret.cert }}
- --tls-cert=/etc/crier-caller/{{ $secret.cert }}
- --tls-key=/etc/crier-caller/{{ $secret.key }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "crier.validateControl" -}}
{{- $tls := default dict .Values.config.control.tls -}}
{{- range $key, $_ := include "crier.controlTlsFiles" . | fromJson -}}
{{- if get $tls $key -}}
{{- fail (printf "control.tlsSecret and config.control.tls.%s both name a file; keep one" $key) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.control.rolesSecret.name .Values.config.control.roles_file -}}
{{- fail "control.rolesSecret and config.control.roles_file both say who may call; keep one" -}}
{{- end -}}
{{- $control := include "crier.controlFiles" . | fromJson -}}
{{- if not (or (include "crier.controlAuthenticates" .) $control.insecure) -}}
{{- fail "config.control.insecure is false and nothing says who may call: name a Secret in control.rolesSecret, or one with authorities in control.tlsSecret" -}}
{{- end -}}
{{- $caller := .Values.control.callerSecret -}}
{{- if and $caller.name (not (include "crier.controlGuarded" .)) -}}
{{- fail "control.callerSecret does nothing while everybody may call" -}}
{{- end -}}
{{- if ne (empty $caller.cert) (empty $caller.key) -}}
{{- fail "control.callerSecret.cert and control.callerSecret.key go together: give both or neither" -}}
{{- end -}}
{{- end -}}
