{{- define "crier.podSpec" -}}
serviceAccountName: {{ include "crier.serviceAccountName" . }}
automountServiceAccountToken: false
# Variables for every Service of the namespace would be of no use to crier.
enableServiceLinks: false
terminationGracePeriodSeconds: {{ include "crier.gracePeriodSeconds" . }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.initContainers }}
initContainers:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  {{- include "crier.container" . | nindent 2 }}
  {{- with .Values.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumes:
  - name: config
    configMap:
      name: {{ include "crier.fullname" . }}
  {{- with include "crier.secretVolumes" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with include "crier.controlVolumes" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with .Values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.runtimeClassName }}
runtimeClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if and (include "crier.busUrl" .) (not .Values.topologySpreadConstraints) }}
topologySpreadConstraints:
  # A machine that fails should not take every pod with it.
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "crier.selectorLabels" . | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
{{- end }}
{{- with .Values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- range . }}
  {{- $selector := dict "labelSelector" (dict "matchLabels" (dict "app.kubernetes.io/name" (include "crier.name" $))) }}
  - {{- toYaml (hasKey . "labelSelector" | ternary . (merge $selector .)) | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "crier.container" -}}
- name: crier
  image: {{ include "crier.image" . | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: ["--config", "/etc/crier/crier.yaml"]
  {{- with .Values.extraEnv }}
  env:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.extraEnvFrom }}
  envFrom:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml .Values.securityContext | nindent 4 }}
  ports:
    {{- range $index, $listener := .Values.config.listeners }}
    - name: {{ include "crier.dataPortName" $index }}
      containerPort: {{ include "crier.port" $listener.address }}
      protocol: TCP
    {{- end }}
    {{- range $plane := list "control" "ops" }}
    - name: {{ $plane }}
      containerPort: {{ include "crier.port" (get $.Values.config $plane).address }}
      protocol: TCP
    {{- end }}
  startupProbe:
    httpGet: {path: /readyz, port: ops}
    {{- toYaml .Values.startupProbe | nindent 4 }}
  readinessProbe:
    httpGet: {path: /readyz, port: ops}
    {{- toYaml .Values.readinessProbe | nindent 4 }}
  livenessProbe:
    httpGet: {path: /livez, port: ops}
    {{- toYaml .Values.livenessProbe | nindent 4 }}
  {{- if gt (int .Values.preStopSleepSeconds) 0 }}
  lifecycle:
    preStop:
      sleep:
        seconds: {{ .Values.preStopSleepSeconds }}
  {{- end }}
  resources:
    {{- toYaml .Values.resources | nindent 4 }}
  volumeMounts:
    - name: config
      mountPath: /etc/crier
      readOnly: true
    {{- with include "crier.secretMounts" . | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with include "crier.controlMounts" . | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with .Values.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
