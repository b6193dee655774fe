// Our own drawings, one path each on a field of 24 × 24. They repeat what a word beside them says and are silent.
const PATHS = {
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  inbox: "M4 13l3-8h10l3 8v6H4zm0 0h5l1.500 3h3L15 13h5",
  outbox: "M4 13v6h16v-6M12 15V4m0 0L8 8m4-4l4 4",
  route: "M6 19a2 2 0 1 0 0-.1M18 5a2 2 0 1 0 0-.1M8 19h7a3.500 3.500 0 0 0 0-7H9a3.500 3.500 0 0 1 0-7h7",
  clock: "M12 4a8 8 0 1 0 .1 0M12 8v4l3 2",
  check: "M5 12.500l4.500 4.500L19 7.500",
  late: "M12 4l9 16H3zM12 10v5M12 17.500v.5",
  wrong: "M12 4a8 8 0 1 0 .1 0M9 9l6 6M15 9l-6 6",
  told: "M12 4a8 8 0 1 0 .1 0M12 11v6M12 7.500v.5",
  urgent: "M13 3L6 13h5l-1 8 7-10h-5z",
  back: "M9 6l-5 5 5 5M4 11h10a5 5 0 0 1 0 10h-2",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  menu: "M4 7h16M4 12h16M4 17h16",
  search: "M10.500 4a6.500 6.500 0 1 0 .1 0M15.500 15.500L20 20",
  key: "M8 10a4 4 0 1 0 .1 0M12 14h9v4M17 14v3",
  language: "M12 4a8 8 0 1 0 .1 0M4 12h16M12 4c-5 5-5 11 0 16M12 4c5 5 5 11 0 16",
  theme: "M12 4a8 8 0 1 0 .1 0M12 4v16M12 8h5M12 12h8M12 16h6",
  person: "M12 4a4 4 0 1 0 .1 0M4 20c1-5 4-7 8-7s7 2 8 7",
  offline: "M4 4l16 16M6 11a9 9 0 0 1 3-2M18 11a9 9 0 0 0-5-2.500M9 15a4.500 4.500 0 0 1 5 0M12 19v.5",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  empty: "M5 5h14v14H5zM9 12h6",
  seal: "M12 3a6 6 0 1 0 .1 0M9 14l-2 7 5-2 5 2-2-7",
  save: "M12 4v11m0 0l-4-4m4 4l4-4M4 19h16",
  figures: "M4 20h16M7 20v-6M12 20V5M17 20v-10",
  more: "M12 20V5m0 0l-6 6m6-6l6 6",
  less: "M12 4v15m0 0l-6-6m6 6l6-6",
  same: "M5 9h14M5 15h14",
  bell: "M6 16v-5a6 6 0 0 1 12 0v5l2 2H4zM10 21h4M12 3v2",
  send: "M4 12l16-8-6 16-3-6.500zm7 1.500L20 4",
  calendar: "M5 6h14v14H5zM5 10h14M9 4v4M15 4v4",
  pulse: "M3 12h4l3-7 4 14 3-7h4",
  book: "M7 4h12v16H7a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2M10 9h5M10 13h5",
  organisation: "M12 4v5M8 4h8v5H8zM12 9v4M5 13h14M5 13v3M19 13v3M2.500 16h5v4h-5zM16.500 16h5v4h-5z",
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
