{{- define "gistream.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "gistream.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "gistream.labels" -}}
{{ include "gistream.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "gistream.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "gistream.name" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "gistream.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* http or https: with the chart's own secret, or with a certificate that is mounted and set by hand. */}}
{{- define "gistream.scheme" -}}
{{- if or .Values.http.tls.secret (get .Values.settings "http.tls.certificate") -}}https{{- else -}}http{{- end -}}
{{- end -}}

{{/* What goes wrong later and is seen now. */}}
{{- define "gistream.check" -}}
{{- if not .Values.kafka.bootstrapServers -}}
{{- fail "\n\nkafka.bootstrapServers is empty: say where the brokers are, for example --set kafka.bootstrapServers=my-cluster-kafka-bootstrap:9092\n" -}}
{{- end -}}
{{- $most := int .Values.kafka.topics.partitions -}}
{{- if and (not .Values.keda.enabled) (gt (int .Values.replicaCount) $most) -}}
{{- fail (printf "\n\nreplicaCount is %d, but the chunks topic has %d partitions (kafka.topics.partitions): the others would have nothing to do\n" (int .Values.replicaCount) $most) -}}
{{- end -}}
{{- if .Values.keda.enabled -}}
{{- if gt (int .Values.keda.maxReplicas) $most -}}
{{- fail (printf "\n\nkeda.maxReplicas is %d, but the chunks topic has %d partitions (kafka.topics.partitions)\n" (int .Values.keda.maxReplicas) $most) -}}
{{- end -}}
{{- if gt (int .Values.keda.minReplicas) (int .Values.keda.maxReplicas) -}}
{{- fail "\n\nkeda.minReplicas is larger than keda.maxReplicas\n" -}}
{{- end -}}
{{- end -}}
{{- range $name := list "application.id" "bootstrap.servers" "topics.chunks" "topics.summaries" "topics.dead-letters" "topics.partitions" "topics.replication-factor" "state.dir" "http.host" "http.port" "http.advertised" "http.auth" "http.auth.keys-file" "log.format" -}}
{{- if hasKey $.Values.settings $name -}}
{{- fail (printf "\n\nsettings has %s, which the chart sets itself: use the value made for it (values.yaml)\n" $name) -}}
{{- end -}}
{{- end -}}
{{- range $name, $value := .Values.settings -}}
{{- if regexMatch "(?i)password|secret|jaas|credential|token" $name -}}
{{- fail (printf "\n\nsettings has %s, which would be readable in a ConfigMap: put it into a secret and name that in secretEnv\n" $name) -}}
{{- end -}}
{{- end -}}
{{- $everybody := eq .Values.http.auth "none" -}}
{{- $jwks := get .Values.settings "http.auth.jwks" -}}
{{- if not (or $everybody .Values.http.keysSecret $jwks) -}}
{{- fail "\n\nhttp.keysSecret is empty: name a Secret with a file 'keys' of API keys (docs/deployment.md shows how to make one), or set http.auth.jwks in settings for tokens, or http.auth=none if everybody who reaches the pods may come\n" -}}
{{- end -}}
{{- if and $everybody (or .Values.http.keysSecret $jwks) -}}
{{- fail "\n\nhttp.auth is none, but there are keys (http.keysSecret) or tokens (http.auth.jwks in settings): leave one of them out\n" -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (not $everybody) (not .Values.serviceMonitor.keySecret.name) -}}
{{- fail "\n\nserviceMonitor.keySecret.name is empty: /prometheus is for those with a key, so name a Secret that has one with role read\n" -}}
{{- end -}}
{{- $byHand := or (get .Values.settings "http.tls.certificate") (get .Values.settings "http.tls.key") -}}
{{- if and .Values.http.tls.secret $byHand -}}
{{- fail "\n\nhttp.tls.secret is set, and settings have http.tls.certificate or http.tls.key: leave one of them out\n" -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if hasPrefix "GISTREAM_HTTP_TLS_" (get . "name") -}}
{{- fail (printf "\n\nextraEnv has %s, which probes cannot see: use http.tls.secret, or settings\n" .name) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.serviceMonitor.tlsConfig (eq (include "gistream.scheme" .) "http") -}}
{{- fail "\n\nserviceMonitor.tlsConfig without TLS: name a certificate in http.tls.secret\n" -}}
{{- end -}}
{{- if and .Values.jobs.replay.enabled (not .Values.jobs.replay.toTopic) -}}
{{- fail "\n\njobs.replay.enabled without jobs.replay.toTopic: say which topic the summaries go to; it must not be that of the service\n" -}}
{{- end -}}
{{- if and .Values.jobs.replay.enabled (eq .Values.jobs.replay.toTopic .Values.kafka.topics.summaries) -}}
{{- fail "\n\njobs.replay.toTopic is the topic of the service: a replay needs one of its own\n" -}}
{{- end -}}
{{- if and .Values.jobs.reset.enabled (or .Values.keda.enabled (gt (int .Values.replicaCount) 0)) -}}
{{- fail "\n\njobs.reset.enabled while instances run: set replicaCount=0 and keda.enabled=false with it, and both back in the next upgrade\n" -}}
{{- end -}}
{{- end -}}

{{/* A container that runs a gistream command; the dot has .root, .args and .member: whether it is an
instance of the service, which has a place in the group, a name for the others, and keys. */}}
{{- define "gistream.container" -}}
{{- $ := .root -}}
image: {{ include "gistream.image" $ | quote }}
imagePullPolicy: {{ $.Values.image.pullPolicy }}
args: {{ toJson .args }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
env:
  - {name: GISTREAM_JAVA_OPTS, value: {{ $.Values.javaOpts | quote }}}
  {{- if .member }}
  - name: POD_NAME
    valueFrom: {fieldRef: {fieldPath: metadata.name}}
  # where the others pass on requests about the streams that this one has
  - name: GISTREAM_HTTP_ADVERTISED
    value: {{ printf "$(POD_NAME).%s-pods.%s.svc:8080" (include "gistream.name" $) $.Release.Namespace }}
  {{- end }}
  {{- if and .member $.Values.staticMembership.enabled }}
  - name: GISTREAM_KAFKA_MAIN_CONSUMER_GROUP_INSTANCE_ID
    valueFrom: {fieldRef: {fieldPath: metadata.name}}
  {{- end }}
  {{- with $.Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $.Values.secretEnv }}
envFrom:
  {{- range . }}
  - secretRef: {name: {{ . | quote }}}
  {{- end }}
{{- end }}
volumeMounts:
  - {name: settings, mountPath: /etc/gistream, readOnly: true}
  - {name: tmp, mountPath: /tmp}
  - {name: state, mountPath: /var/lib/gistream}
  {{- if and .member $.Values.http.keysSecret }}
  - {name: keys, mountPath: /etc/gistream-keys, readOnly: true}
  {{- end }}
  {{- if and .member $.Values.http.tls.secret }}
  - {name: tls, mountPath: /etc/gistream-tls, readOnly: true}
  {{- end }}
  {{- with $.Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "gistream.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "gistream.volumes" -}}
- {name: settings, configMap: {name: {{ include "gistream.name" . }}}}
- {name: tmp, emptyDir: {sizeLimit: 512Mi}}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* A job that runs a gistream command once, and again when any value changes, since the spec of a
job cannot; the dot has .root, .name and .args. */}}
{{- define "gistream.job" -}}
{{- $ := .root -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "gistream.name" $ }}-{{ .name }}-{{ sha256sum (print $.Chart.AppVersion (toJson $.Values)) | trunc 8 }}
  labels: {{- include "gistream.labels" $ | nindent 4 }}
spec:
  backoffLimit: 3
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ $.Chart.Name }}-{{ .name }}
        app.kubernetes.io/instance: {{ $.Release.Name }}
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      securityContext: {{- include "gistream.podSecurity" $ | nindent 8 }}
      {{- with $.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - {name: {{ . | quote }}}
        {{- end }}
      {{- end }}
      containers:
        - name: {{ .name }}
          {{- include "gistream.container" (dict "root" $ "args" .args "member" false) | nindent 10 }}
          resources: {{- toYaml $.Values.resources | nindent 12 }}
      volumes:
        - {name: state, emptyDir: {}}
        {{- include "gistream.volumes" $ | nindent 8 }}
{{- end -}}
