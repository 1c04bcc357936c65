import { defineConfig } from '@graphql-hive/gateway';
import { gatewayConfig as deployed } from '../../deploy/gateway.config.ts';

/** The settings that production is meant to use, unchanged; here they are checked against the gateway's types. */
export const gatewayConfig = defineConfig(deployed);
