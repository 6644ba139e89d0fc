/** Answers may come in another order than they were asked for: what was asked before the last one kept is old news. */
export function inTurn() {
  let asked = 0
  let kept = 0

  /** What it found, or null if something asked later has answered already. */
  async function latest<T>(ask: () => Promise<T>): Promise<{ found: T } | null> {
    asked += 1
    const turn = asked
    const found = await ask()
    if (turn < kept) return null
    kept = turn
    return { found }
  }

  /** It was told another way just now: whatever is still on its way is old news. */
  function told(): void {
    asked += 1
    kept = asked
  }

  return { latest, told }
}
