/** The version of Camunda whose API this is; clients choose their dialect by it. */
export const GATEWAY_VERSION = '8.8.0'
