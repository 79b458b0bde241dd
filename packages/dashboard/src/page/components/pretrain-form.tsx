/**
 * The form of one method's card. What is left as it stands is not sent: the card's own values hold.
 */
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { MethodsView, PretrainRequest } from "../../api.js";
import { type AskError, post } from "../state/ask.js";
import { changedOptions, suggestedName } from "../state/pretrain-request.js";
import { goTo } from "../state/route.js";
import { CardField, Field } from "./field.js";
import { Notice } from "./notice.js";

export interface PretrainFormProps {
  readonly method: MethodsView["methods"][number];
  readonly data: readonly string[];
}

type Wrong = Pick<AskError, "message" | "field">;

export function PretrainForm({ method, data }: PretrainFormProps) {
  const [typed, setTyped] = useState<PretrainRequest["options"]>({});
  const [folder, setFolder] = useState(data[0]!);
  const [name, setName] = useState(() => suggestedName(method.name, data[0]!));
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [isSending, setIsSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const fields = method.groups.flatMap((group) => group.fields);

  useEffect(() => {
    if (wrong !== null) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [wrong]);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setIsSending(true);
    setWrong(null);
    const request: PretrainRequest = {
      method: method.name,
      data: folder,
      name,
      options: changedOptions(fields, typed),
    };
    try {
      const { id } = await post<{ id: string }>("api/pretrain", request);
      goTo("run", id);
    } catch (error) {
      setWrong(error as Wrong);
      setIsSending(false);
    }
  };

  const errorOf = (field: string) => (wrong?.field === field ? wrong.message : undefined);
  const known = ["method", "data", "name", ...fields.map((field) => field.name)];
  const isOfWhole =
    wrong !== null && (wrong.field === undefined || wrong.field === "method" || !known.includes(wrong.field));
  return (
    <form ref={form} onSubmit={(event) => void send(event)} noValidate>
      <Field name="data" help="a folder that was named when the dashboard was started" error={errorOf("data")}>
        {(own) => (
          <select {...own} value={folder} onChange={(event) => setFolder(event.target.value)}>
            {data.map((option) => (
              <option key={option}>{option}</option>
            ))}
          </select>
        )}
      </Field>
      <Field name="name" help="of the run's folder: letters, digits, - and _" error={errorOf("name")}>
        {(own) => <input {...own} value={name} onChange={(event) => setName(event.target.value)} spellCheck={false} />}
      </Field>
      {method.groups.map(({ heading, fields: grouped }, place) => (
        <details key={heading} className="group" open={place === 0 || grouped.some((field) => errorOf(field.name))}>
          <summary>{heading}</summary>
          {grouped.map((field) => (
            <CardField
              key={field.name}
              field={field}
              value={typed[field.name]}
              error={errorOf(field.name)}
              setValue={(value) => setTyped({ ...typed, [field.name]: value })}
            />
          ))}
        </details>
      ))}
      {isOfWhole && <Notice kind="bad">{wrong.message}</Notice>}
      <button type="submit" className="primary" disabled={isSending}>
        {isSending ? "Starting …" : "Start"}
      </button>
    </form>
  );
}
