/** What a Sentinel reads from the reply of INFO. */

export interface ServerInfo {
  readonly runId: string | undefined;
  readonly role: 'master' | 'slave' | undefined;
  /** Of a primary: who follows it. */
  readonly replicas: readonly { readonly ip: string; readonly port: number }[];
  /**
   * Of a replica: whom it follows, and since when it has lost it, in seconds; 0 if it has not, -1 if
   * it never had it.
   */
  readonly primaryHost: string | undefined;
  readonly primaryPort: number | undefined;
  readonly isLinkUp: boolean;
  readonly linkDownSeconds: number;
  readonly priority: number;
  readonly offset: number;
  readonly isAnnounced: boolean;
}

export function readInfo(text: string): ServerInfo {
  const fields = new Map<string, string>();
  const replicas: { ip: string; port: number }[] = [];
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const value = line.slice(colon + 1);
    fields.set(line.slice(0, colon), value);
    const replica = /^slave\d+:ip=([^,]*),port=(\d+)/.exec(line);
    if (replica) replicas.push({ ip: replica[1] ?? '', port: Number(replica[2]) });
  }
  const role = fields.get('role');
  const number = (name: string, usual: number) => Number(fields.get(name) ?? usual);
  return {
    runId: fields.get('run_id'),
    role: role === 'master' || role === 'slave' ? role : undefined,
    replicas,
    primaryHost: fields.get('master_host'),
    primaryPort: fields.has('master_port') ? number('master_port', 0) : undefined,
    isLinkUp: fields.get('master_link_status') === 'up',
    linkDownSeconds: number('master_link_down_since_seconds', 0),
    priority: number('slave_priority', 100),
    offset: number('slave_repl_offset', 0),
    isAnnounced: fields.get('replica_announced') !== '0',
  };
}
