/** The frame of desks. */

import type zh from '../zh/desk'

const desk: typeof zh = {
  desk: {
    title: 'Desk',
    queue: 'Queue',
    city: 'City',
    role: 'Role',
    none: 'Nothing waits',
    noRole: 'You hold no role at this desk',
    waiting: 'Waiting since',
    state: 'State',
    case: 'Case',
    statistics: 'Statistics',
    party: 'Party pages',
    menu: 'Desk menu',
    open: 'Open',
  },
}

export default desk
