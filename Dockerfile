# pay-server in a container: Node, the program and what it reads while it runs. The books are in the volume /data; all else may be
# read-only. Any two images with the same Node do, the first with npm, Python and a C++ compiler for where SQLite is not to be had compiled.
ARG BUILD_IMAGE=docker.io/library/node:24-bookworm
ARG RUN_IMAGE=docker.io/library/node:24-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Of all install scripts only these do what building or running needs.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && npm rebuild --ignore-scripts=false sqlite3 esbuild
COPY . .
RUN node bin/build/build.js \
 && node bin/build/pack.js /packed \
 && mkdir /app \
 && tar xzf /packed/*.tgz -C /app --strip-components=1 --no-same-owner \
 && chmod 755 /app/bin/*.cjs \
 && node bin/build/runtime-packages.js /app

FROM ${RUN_IMAGE}
RUN groupadd --gid 10001 pay \
 && useradd --uid 10001 --gid pay --no-create-home --home-dir /data --shell /usr/sbin/nologin pay \
 && install -d -o pay -g pay -m 0700 /data \
 && for name in pay pay-server pay-time; do ln -s "/app/bin/$name.cjs" "/usr/local/bin/$name"; done
COPY --from=build /app /app
ENV NODE_ENV=production PAY_DATA_DIR=/data PAY_HOST=0.0.0.0
# By number, for those who let nobody start a container as root and cannot look up a name.
USER 10001:10001
VOLUME /data
EXPOSE 8443
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["node", "/app/deploy/container/is-ready.cjs"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["pay-server"]
CMD ["start"]
