# SPDX-License-Identifier: Apache-2.0
# docker build -t kafka-producer . && echo hello | docker run -i --rm kafka-producer -b HOST:9092 -t topic
FROM swift:6.3-bookworm AS build
WORKDIR /source
COPY . .
RUN git config --global --add safe.directory /source && Scripts/package --output /packages

FROM debian:bookworm-slim
COPY --from=build /packages/*.deb /tmp/
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates /tmp/*.deb \
    && rm -rf /var/lib/apt/lists/* /tmp/*.deb
USER 65534
ENTRYPOINT ["kafka-producer"]
