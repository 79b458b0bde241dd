/**
 * A line for the terminal, that can be copied.
 */
import { useState } from "react";

export function Command({ children }: { children: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(children);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 2000);
  };
  return (
    <div className="command">
      <code>{children}</code>
      {navigator.clipboard !== undefined && (
        <button type="button" onClick={() => void copy().catch(() => {})} aria-label={`Copy: ${children}`}>
          <span aria-live="polite">{isCopied ? "copied" : "copy"}</span>
        </button>
      )}
    </div>
  );
}
