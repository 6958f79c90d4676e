import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useProject, useStudio } from '../studio.ts';
import { OpenProject } from './OpenProject.tsx';
import { SaveProject } from './SaveProject.tsx';
import './project.css';

/** What goes out as a file, or how one that was given comes in. */
export function ProjectDialog(): ReactNode {
  const { project } = useStudio();
  const dialog = useProject((state) => state.dialog);
  return (
    <Modal
      opened={dialog !== null}
      onClose={() => project.getState().close()}
      size={560}
      title={dialog === 'open' ? 'Open a project' : 'Save a project'}
    >
      {dialog === 'open' ? <OpenProject /> : <SaveProject />}
    </Modal>
  );
}
