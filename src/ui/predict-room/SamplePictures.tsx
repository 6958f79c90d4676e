import { UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useStudio } from '../studio.ts';

const NAMES = ['2026_000003.jpg', '2026_000007.jpg', '2026_000001.jpg'] as const;

const address = (name: string): string => `${import.meta.env.BASE_URL}sample/pictures/${name}`;

/** A few pictures of the bundled set, tried with one click. */
export function SamplePictures(): ReactNode {
  const { prediction } = useStudio();
  const [problem, setProblem] = useState('');

  const take = async (name: string): Promise<void> => {
    setProblem('');
    try {
      const response = await fetch(address(name));
      if (!response.ok) throw new Error(`the answer was ${response.status}`);
      await prediction.getState().add([new File([await response.blob()], name)]);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      setProblem(`The sample picture "${name}" did not arrive (${reason}). Check the connection, then try again.`);
    }
  };

  return (
    <div className="samples">
      <span className="small muted">Or try one of these</span>
      {NAMES.map((name) => (
        <UnstyledButton
          key={name}
          className="sample"
          aria-label={`Sample picture ${name}`}
          onClick={() => void take(name)}
        >
          <img src={address(name)} alt="" height={64} />
        </UnstyledButton>
      ))}
      {problem !== '' && (
        <p className="small" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
