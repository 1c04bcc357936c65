# The image holds the compiled program, its runtime packages and the schema; no compiler, no tests, no configuration.
# scripts/prove-container.mjs carries out the lines below without a container engine, and fails on one it does not know.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY codegen.yml tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY schema ./schema
COPY src ./src
RUN npm run build

FROM node:${NODE_VERSION}-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:${NODE_VERSION}-slim
ENV NODE_ENV=production
# Where the health check asks; set it when server.port is another one.
ENV HEALTH_URL=http://127.0.0.1:4000/healthz
WORKDIR /app
COPY package.json ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY schema ./schema
COPY examples/operations ./examples/operations
# For `storage: sqlite:/var/lib/rollcall/rollcall.db`: what was sent must outlive the container.
RUN install -d -o node -g node /var/lib/rollcall
VOLUME /var/lib/rollcall
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "-e", "fetch(process.env.HEALTH_URL).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js", "--config", "/etc/rollcall/rollcall.yaml"]
