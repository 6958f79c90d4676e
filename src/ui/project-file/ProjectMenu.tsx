import { ActionIcon, Menu } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { FileDialogInput, useFileDialog } from '../FileDialog.tsx';
import { MoreIcon } from '../MoreIcon.tsx';
import { useProject, useStudio } from '../studio.ts';

/** Fetched when the first is opened. */
const ProjectDialog = lazy(async () => ({ default: (await import('./ProjectDialog.tsx')).ProjectDialog }));

/** At the top of every page: what this browser keeps goes out as one file, or such a file comes in. */
export function ProjectMenu(): ReactNode {
  const { project } = useStudio();
  const dialog = useProject((state) => state.dialog);
  const file = useFileDialog();
  return (
    <>
      <Menu position="bottom-end" shadow="md" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label="Project">
            <MoreIcon widthPx={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => project.getState().askToSave()}>Save everything as a file …</Menu.Item>
          <Menu.Item onClick={file.open}>Open a project file …</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <FileDialogInput
        dialog={file}
        label="Open a project file"
        accept=".zip"
        onFiles={([chosen]) => {
          if (chosen !== undefined) project.getState().give(chosen);
        }}
      />
      {dialog !== null && (
        <Suspense fallback={null}>
          <ProjectDialog />
        </Suspense>
      )}
    </>
  );
}
