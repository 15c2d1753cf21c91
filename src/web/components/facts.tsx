import type { ComponentChildren } from 'preact'

/** Names and values in columns; `wide` takes a line of its own. */
export function Facts({ items }: { items: { name: string; value: ComponentChildren; wide?: boolean }[] }) {
  return (
    <dl class="facts">
      {items.map(({ name, value, wide }) => (
        <div key={name} class={wide ? 'wide' : undefined}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
