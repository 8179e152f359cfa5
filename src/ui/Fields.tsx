/** Form fields with their labels. A label always stands above or beside; a placeholder is no label. */
import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';

const box =
  'min-h-target rounded border border-border bg-paper px-2 text-field text-ink ' +
  'aria-invalid:border-bad';

type FieldProps = {
  label: ReactNode;
  /** A sentence under the field that is read with it. */
  note?: ReactNode;
  error?: string | undefined;
};

function Field({
  label,
  note,
  error,
  children,
}: FieldProps & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId();
  const ids = { field: id, note: note || error ? `${id}-note` : undefined };
  return (
    <div className="flex flex-col items-start gap-1 font-sans">
      <label htmlFor={ids.field} className="text-ui font-semibold">
        {label}
      </label>
      {children(ids)}
      {(error ?? note) && (
        <p id={ids.note} className={cx('text-small', error ? 'text-bad' : 'text-ink-2')}>
          {error ?? note}
        </p>
      )}
    </div>
  );
}

type FieldIds = { field: string; note: string | undefined };

export function TextField(props: Omit<ComponentProps<'input'>, 'id'> & FieldProps) {
  const { label, note, error, className, ...rest } = props;
  return (
    <Field label={label} note={note} error={error}>
      {(ids) => (
        <input
          {...rest}
          id={ids.field}
          aria-describedby={ids.note}
          aria-invalid={error ? true : undefined}
          className={cx(box, className)}
        />
      )}
    </Field>
  );
}

export function SelectField(props: Omit<ComponentProps<'select'>, 'id'> & FieldProps) {
  const { label, note, error, className, ...rest } = props;
  return (
    <Field label={label} note={note} error={error}>
      {(ids) => (
        <select
          {...rest}
          id={ids.field}
          aria-describedby={ids.note}
          className={cx(box, className)}
        />
      )}
    </Field>
  );
}

export type ChoiceProps<Value extends string> = {
  label: string;
  note?: ReactNode;
  value: Value;
  options: readonly { readonly value: Value; readonly label: string }[];
  onChange: (value: Value) => void;
};

/** A few exclusive options side by side: radio buttons in the dress of one control. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, note, value, options, onChange } = props;
  const name = useId();
  return (
    <fieldset className="flex flex-col items-start gap-1 font-sans">
      <legend className="mb-1 text-ui font-semibold">{label}</legend>
      <div className="inline-flex flex-wrap pt-px pl-px">
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              'relative -mt-px -ml-px flex min-h-target cursor-pointer items-center border border-border px-3 text-ui first:rounded-l last:rounded-r',
              'has-focus-visible:z-10 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
              option.value === value
                ? 'bg-ink text-paper forced-colors:[forced-color-adjust:none]'
                : 'text-ink hover:bg-raised',
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            {option.label}
          </label>
        ))}
      </div>
      {note && <p className="text-small text-ink-2">{note}</p>}
    </fieldset>
  );
}

export function Checkbox(props: Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode }) {
  const { label, className, ...rest } = props;
  return (
    <label
      className={cx(
        'flex min-h-target cursor-pointer items-center gap-2 font-sans text-ui',
        className,
      )}
    >
      <input type="checkbox" {...rest} className="size-4 shrink-0 accent-accent" />
      {label}
    </label>
  );
}
