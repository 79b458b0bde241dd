import type { TaskBoard } from "../../api.js";

export interface TaskChoiceProps {
  readonly tasks: readonly TaskBoard[];
  readonly chosen: string;
  choose(id: string): void;
}

export function TaskChoice({ tasks, chosen, choose }: TaskChoiceProps) {
  return (
    <label className="choice">
      Task
      <select value={chosen} onChange={(event) => choose(event.target.value)}>
        {tasks.map(({ id, name, protocol }) => (
          <option key={id} value={id}>
            {name}: {protocol}
          </option>
        ))}
      </select>
    </label>
  );
}
