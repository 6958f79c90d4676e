import { Button, Modal, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ClassChange, DataSetIndex } from '../../rpc/protocol.ts';
import { type ClassQuestion, renameQuestion } from '../../state/class-rows.ts';

export interface ClassQuestionDialogProps {
  readonly labels: DataSetIndex;
  /** A change to be agreed to, or a class to be renamed. */
  readonly asked: ClassQuestion | { readonly rename: string } | null;
  readonly onAnswer: (change: ClassChange) => Promise<void>;
  readonly onClose: () => void;
}

/** Says what a change of the classes does to how many boxes, before it is made. */
export function ClassQuestionDialog({ labels, asked, onAnswer, onClose }: ClassQuestionDialogProps): ReactNode {
  if (asked === null) return null;
  return (
    <Modal opened onClose={onClose} title={'rename' in asked ? `Rename "${asked.rename}"` : asked.title}>
      {'rename' in asked ? (
        <Rename labels={labels} from={asked.rename} onAnswer={onAnswer} onClose={onClose} />
      ) : (
        <Question question={asked} onAnswer={onAnswer} onClose={onClose} />
      )}
    </Modal>
  );
}

type Answers = Pick<ClassQuestionDialogProps, 'onAnswer' | 'onClose'>;

function Question({ question, onAnswer, onClose }: Answers & { readonly question: ClassQuestion }): ReactNode {
  const { says, button, change } = question;
  return (
    <div className="address-form">
      <p>{says} It is a version of its own, and can be undone.</p>
      <div className="form-buttons">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button
          data-autofocus
          {...(change.kind === 'delete' ? { color: 'red' } : {})}
          onClick={() => void onAnswer(change)}
        >
          {button}
        </Button>
      </div>
    </div>
  );
}

interface RenameProps extends Answers {
  readonly labels: DataSetIndex;
  readonly from: string;
}

function Rename({ labels, from, onAnswer, onClose }: RenameProps): ReactNode {
  const [typed, setTyped] = useState(from);
  const question = renameQuestion(labels, from, typed);
  return (
    <form
      className="address-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (question !== null) void onAnswer(question.change);
      }}
    >
      <TextInput
        label="New name"
        data-autofocus
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <p className="small" role="status">
        {question?.says ?? 'Type another name. The name of another class merges the two.'}
      </p>
      <div className="form-buttons">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button type="submit" disabled={question === null}>
          {question?.button ?? 'Rename'}
        </Button>
      </div>
    </form>
  );
}
