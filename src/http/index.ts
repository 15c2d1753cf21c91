/**
 * The product's web application: JSON interface and pages.
 *
 * ```ts
 * const application = createHttpApplication({ orchestration, identity, cases, …, config, logger, pool })
 * application.listen(port, '127.0.0.1')
 * ```
 */
export { createHttpApplication } from './application.ts'
export type { HttpConfig, HttpDependencies } from './dependencies.ts'
