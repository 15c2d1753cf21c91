import { existsSync } from 'node:fs'
import path from 'node:path'
import express, { Router } from 'express'
import { Problem } from './problem.ts'

/** Serves the built pages: hashed assets for ever, the one HTML document always fresh, for every address of the pages. */
export function pages(directory: string): Router {
  const router = Router()
  const index = path.join(directory, 'index.html')
  router.use(
    '/assets',
    express.static(path.join(directory, 'assets'), { immutable: true, maxAge: '365d', fallthrough: false }),
  )
  router.use(express.static(directory, { index: false, maxAge: 0 }))
  router.get('/{*page}', (_request, response) => {
    if (!existsSync(index)) throw new Problem(503, '页面尚未构建：请用 npm start 启动，它会先构建页面。')
    response.set('Cache-Control', 'no-cache').sendFile(index)
  })
  return router
}
