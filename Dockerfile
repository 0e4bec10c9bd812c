# crier on nothing but the libraries it needs: no shell, no package manager, no root.
#
#   docker build -t crier .
#   docker run --rm -p 8082:8082 -p 127.0.0.1:50051:50051 crier \
#     --set control.address=0.0.0.0:50051 --set control.insecure=true
#
# As everywhere, the control API and the metrics listen on loopback, here the container's own,
# unless the configuration says otherwise; clients connect to 8082. That nobody proves who they are
# has to be said, and is fine where only this machine reaches the port.
#
# The same source, base and packages give the same files: for a release pin BASE by its digest and
# give REVISION and SOURCE_DATE_EPOCH. `docker build --target symbols -o symbols .` gets the debug symbols.

ARG BASE=debian:bookworm-slim
FROM $BASE AS build
WORKDIR /src
# First what changes rarely: the packages stay cached while the code changes.
COPY scripts/setup.sh scripts/
RUN scripts/setup.sh build
COPY . .
ARG REVISION=unknown
ARG SOURCE_DATE_EPOCH=0
# No path of this stage is in the binaries, and the linker fills in every function before start.
ENV CXXFLAGS="-ffile-prefix-map=/src=/usr/src/crier -fstack-protector-strong \
-fstack-clash-protection -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS" \
    LDFLAGS="-Wl,-z,relro,-z,now"
RUN cmake --preset release -DCRIER_TESTS=OFF -DCRIER_BENCH=OFF -DCRIER_REVISION="$REVISION" \
    && cmake --build --preset release --target crier crierctl
# Both binaries, and beside them what a debugger wants to know of them, found by their build ids.
RUN for program in crier crierctl; do \
      built=build/release/bin/$program \
      && id=$(readelf -n "$built" | sed -n 's/.*Build ID: //p') \
      && symbols=/symbols/usr/lib/debug/.build-id/$(echo "$id" | cut -c1-2)/$(echo "$id" | cut -c3-).debug \
      && mkdir -p "${symbols%/*}" \
      && objcopy --only-keep-debug --compress-debug-sections "$built" "$symbols" \
      && install -D -s -m 0755 -t /image/usr/bin "$built" || exit 1; \
    done
# Every library that the loader names for them, at its own path; the order in which names are looked
# up; and a name for the user.
RUN ldd /image/usr/bin/crier /image/usr/bin/crierctl | grep -o '/[^ :]*\.so[^ :]*' | sort -u \
      | xargs -I{} cp --parents --dereference {} /image \
    && mkdir -p /image/etc \
    && echo 'hosts: files dns' >/image/etc/nsswitch.conf \
    && echo 'crier:x:65532:65532:crier:/:/nonexistent' >/image/etc/passwd \
    && echo 'crier:x:65532:' >/image/etc/group \
    && find /image /symbols -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

FROM scratch AS symbols
COPY --from=build /symbols /

FROM scratch
ARG BASE
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="crier" \
      org.opencontainers.image.description="TCP push gateway" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED" \
      org.opencontainers.image.base.name="$BASE"
COPY --from=build /image /
ENV PATH=/usr/bin
USER 65532:65532
# clients, control API (gRPC), metrics and probes (HTTP)
EXPOSE 8082 50051 9464
STOPSIGNAL SIGTERM
# Where the configuration moves ops.address, give the check the same --config or --set.
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s CMD ["/usr/bin/crier", "healthcheck"]
ENTRYPOINT ["/usr/bin/crier"]
