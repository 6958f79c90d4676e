import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { ProjectMenu } from '../project-file/ProjectMenu.tsx';
import { AdapterChip } from './AdapterChip.tsx';
import { LABEL_PATH, ROOMS, RoomIcon } from './rooms.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';

/** The top of every page: name, the five rooms, the graphics adapter, the theme. */
export function Header(): ReactNode {
  const [path] = useLocation();
  const shown = path === LABEL_PATH ? '/data' : path;
  return (
    <header className="top">
      <div className="mark">
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <rect x="2" y="2" width="13" height="13" rx="2.5" fill="none" stroke="currentColor" strokeWidth="2" />
          <rect x="12" y="12" width="7" height="7" rx="2" fill="currentColor" />
        </svg>
        Detrain
      </div>
      <nav className="links" aria-label="Rooms">
        {ROOMS.map((room) => (
          <Link key={room.path} href={room.path} {...(shown === room.path ? { 'aria-current': 'page' as const } : {})}>
            <RoomIcon icon={room.icon} />
            <span data-text={room.name}>{room.name}</span>
          </Link>
        ))}
      </nav>
      <div className="tools">
        <AdapterChip />
        <ThemeToggle />
        <ProjectMenu />
      </div>
    </header>
  );
}
