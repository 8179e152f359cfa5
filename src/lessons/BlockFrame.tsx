/** The frame of a block of code: what it is, and what can be done with it. */
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { scratchpadPath } from '../scratchpad/address.ts';
import { IconButton } from '../ui/Button.tsx';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import { useNotices } from '../ui/Notices.tsx';
import type { CodeBlock } from './lesson.ts';

export type BlockFrameProps = {
  /** The id of the block. */
  id: string;
  labelledBy: string;
  busy: boolean;
  children: ReactNode;
};

export function BlockFrame({ id, labelledBy, busy, children }: BlockFrameProps) {
  return (
    <article
      data-block={id}
      aria-labelledby={labelledBy}
      aria-busy={busy}
      className="rounded border border-border bg-paper"
    >
      {children}
    </article>
  );
}

export type BlockHeaderProps = {
  block: CodeBlock;
  /** The id of the heading. */
  heading: string;
  /** What is copied, and taken along to the scratchpad. */
  text: string;
  edited: boolean;
  onEdit?: (() => void) | undefined;
  /** Run or Stop, or why there is neither. */
  children: ReactNode;
};

export function BlockHeader(props: BlockHeaderProps) {
  const { block, heading, edited, children } = props;
  const { code, title, file, target, since, resp } = block;
  const remarks = [
    ...(target === undefined ? [] : [target]),
    ...(resp === undefined ? [] : [`RESP${resp}`]),
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(edited ? ['edited'] : []),
  ];
  return (
    <header className="flex items-center gap-x-1 rounded-t border-b border-line bg-raised py-0.5 pr-1 pl-3">
      <h3
        id={heading}
        tabIndex={-1}
        className="flex outline-none min-w-0 grow flex-wrap items-baseline gap-x-2.5 py-1 text-ui"
      >
        <span className="font-mono text-small text-ink-2">
          {file ?? languageNames[code.language]}
        </span>
        {title && title !== file && <span className="font-semibold text-pretty">{title}</span>}
        {remarks.map((remark) => (
          <span key={remark} className="text-small text-ink-2">
            {remark}
          </span>
        ))}
      </h3>
      <div className="no-print flex shrink-0 items-center">
        {children}
        <Actions {...props} />
      </div>
    </header>
  );
}

const languageNames: Readonly<Record<CodeBlock['code']['language'], string>> = {
  redis: 'redis',
  shell: 'shell',
  conf: 'redis.conf',
  'sentinel-conf': 'sentinel.conf',
  acl: 'users.acl',
  python: 'python',
  node: 'node',
  lua: 'lua',
  yaml: 'yaml',
  'prometheus-conf': 'prometheus.yml',
  json: 'json',
  text: 'text',
};

/** Buttons where there is room, a menu where there is not. */
function Actions({ block, text, onEdit }: BlockHeaderProps) {
  const { toast, announce } = useNotices();
  const [, navigate] = useLocation();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      announce('Copied');
    } catch {
      toast({ text: 'The browser did not allow copying. Select the text instead.' });
    }
  };
  const kind = scratchpadKinds[block.code.language];
  const items: (MenuItem & { icon: NonNullable<MenuItem['icon']> })[] = [
    ...(onEdit ? [{ label: 'Edit', icon: 'edit' as const, run: onEdit }] : []),
    { label: 'Copy', icon: 'copy', run: () => void copy() },
    ...(kind
      ? [
          {
            label: 'Open in scratchpad',
            icon: 'open' as const,
            run: () => navigate(scratchpadPath(kind, text)),
          },
        ]
      : []),
  ];
  return (
    <>
      <div className="flex max-md:hidden">
        {items.map(({ label, icon, run }) => (
          <IconButton key={label} label={label} icon={icon} onClick={run} />
        ))}
      </div>
      <div className="md:hidden">
        <Menu label="More" items={items} align="end" />
      </div>
    </>
  );
}

const scratchpadKinds: Readonly<
  Partial<Record<CodeBlock['code']['language'], Parameters<typeof scratchpadPath>[0]>>
> = {
  redis: 'redis',
  shell: 'shell',
  conf: 'conf',
  'sentinel-conf': 'sentinel-conf',
  acl: 'acl',
  python: 'python',
  node: 'node',
  lua: 'lua',
  yaml: 'yaml',
  'prometheus-conf': 'prometheus',
};
