/**
 * One field of a form: its name, what it means, and what is wrong with it.
 */
import { type ReactNode, useId } from "react";
import type { FieldView } from "../../api.js";

/** What ties a control to its words. */
export interface Tied {
  readonly id: string;
  readonly "aria-describedby": string;
  readonly "aria-invalid": boolean;
}

export interface FieldProps {
  readonly name: string;
  readonly help: string;
  readonly error: string | undefined;
  children(tied: Tied): ReactNode;
}

export function Field({ name, help, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-name" htmlFor={id}>
        {name}
      </label>
      {children({ id, "aria-describedby": `${id}help ${id}error`, "aria-invalid": error !== undefined })}
      <span className="field-help" id={`${id}help`}>
        {help}
      </span>
      <span className="field-error" id={`${id}error`} role="alert">
        {error}
      </span>
    </div>
  );
}

export interface CardFieldProps {
  readonly field: FieldView;
  /** Undefined: as it usually is. */
  readonly value: string | boolean | undefined;
  readonly error: string | undefined;
  setValue(value: string | boolean): void;
}

/** A flag is a box, a choice a list, anything else is typed. */
export function CardField({ field, value, error, setValue }: CardFieldProps) {
  const { name, help, usual, usually, unit, choices } = field;
  return (
    <Field name={name} help={help} error={error}>
      {(tied) => {
        if (unit === null) {
          const isOn = value ?? usual === "true";
          return (
            <input
              {...tied}
              type="checkbox"
              checked={isOn === true}
              onChange={(event) => setValue(event.target.checked)}
            />
          );
        }
        if (choices !== null) {
          return (
            <select {...tied} value={String(value ?? usual)} onChange={(event) => setValue(event.target.value)}>
              {!choices.includes(usual) && <option value={usual}>{usually ?? "as usual"}</option>}
              {choices.map((choice) => (
                <option key={choice}>{choice}</option>
              ))}
            </select>
          );
        }
        return (
          <span className="with-unit">
            <input
              {...tied}
              value={String(value ?? usual)}
              placeholder={usually ?? undefined}
              onChange={(event) => setValue(event.target.value)}
              spellCheck={false}
            />
            {unit !== "" && <span className="faint">{unit}</span>}
          </span>
        );
      }}
    </Field>
  );
}
