# crier on nothing but the libraries it needs: no shell, no package manager, no root.
#
#   docker build -t crier .
#   docker run --rm -p 8082:8082 -p 127.0.0.1:50051:50051 crier --set control.address=0.0.0.0:50051
#
# As everywhere, the control API and the metrics listen on loopback, here the container's own,
# unless the configuration says otherwise; clients connect to 8082.

FROM debian:bookworm-slim AS build
WORKDIR /src
# First what changes rarely: the packages stay cached while the code changes.
COPY scripts/setup.sh scripts/
RUN scripts/setup.sh build
COPY . .
ARG REVISION=unknown
RUN cmake --preset release -DCRIER_TESTS=OFF -DCRIER_BENCH=OFF -DCRIER_REVISION="$REVISION" \
    && cmake --build --preset release --target crier crierctl
# Both binaries and every library that the loader names for them, at their own paths.
RUN install -D -s -t /image/usr/bin build/release/bin/crier build/release/bin/crierctl \
    && ldd /image/usr/bin/crier /image/usr/bin/crierctl | grep -o '/[^ :]*\.so[^ :]*' | sort -u \
    | xargs -I{} cp --parents --dereference {} /image

FROM scratch
ARG REVISION=unknown
LABEL org.opencontainers.image.title="crier" \
      org.opencontainers.image.description="TCP push gateway" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /image /
ENV PATH=/usr/bin
USER 65532:65532
# clients, control API (gRPC), metrics and probes (HTTP)
EXPOSE 8082 50051 9464
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/crier"]
