/** Bytes in rows of eight: where, which, and what they read as. */
const ROW = 8;

export function HexView({ bytes, offset }: { bytes: string; offset: number }) {
  const rows = Array.from({ length: Math.ceil(bytes.length / ROW) }, (_, index) =>
    bytes.slice(index * ROW, (index + 1) * ROW),
  );
  return (
    <table className="term w-fit border-collapse whitespace-pre">
      <caption className="sr-only">The bytes of the value</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Offset</th>
          <th scope="col">Bytes</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            <th scope="row" className="pr-4 text-right font-normal text-ink-2">
              {offset + index * ROW}
            </th>
            <td className="pr-4">{[...row].map(hex).join(' ')}</td>
            <td className="text-ink-2">{row.replace(/[^\x20-\x7e]/g, '·')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const hex = (char: string) => char.charCodeAt(0).toString(16).padStart(2, '0');
