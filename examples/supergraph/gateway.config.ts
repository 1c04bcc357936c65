import { defineConfig } from '@graphql-hive/gateway';
import { gatewayConfig as deployed } from '../../deploy/gateway.config.ts';
import { isLoopbackOrigin } from './loopback.ts';

/**
 * The settings that production is meant to use, checked here against the gateway's types. One differs: pages of this
 * machine may call as well, because a frontend under development is served from some port of it.
 */
export const gatewayConfig = defineConfig({
  ...deployed,
  cors: (request: Request) => {
    const origin = request.headers.get('origin');
    const { cors } = deployed;
    return cors && isLoopbackOrigin(origin) ? { ...cors, origin: [...cors.origin, origin] } : cors;
  },
});
