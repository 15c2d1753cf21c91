import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ApiError } from '../api.ts'
import { Busy, Failure } from './state.tsx'

/** A component whose code is loaded when it is first shown. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  return function Lazy(props: Props) {
    const [Component, setComponent] = useState<ComponentType<Props> | null>(() => loaded)
    const [failed, setFailed] = useState(false)
    const start = () => {
      setFailed(false)
      load().then(
        (component) => {
          loaded = component
          setComponent(() => component)
        },
        () => setFailed(true),
      )
    }
    useEffect(() => {
      if (!loaded) start()
    }, [])
    if (Component) return <Component {...props} />
    if (failed)
      return <Failure error={new ApiError(0, '无法加载', '页面的一部分无法加载，请检查网络后再试。')} retry={start} />
    return <Busy />
  }
}
