/** The frame of desks. */

const desk = {
  desk: {
    title: '工作台',
    queue: '待办案件',
    city: '城市',
    role: '岗位',
    none: '没有待办案件',
    noRole: '您没有该工作台的岗位',
    waiting: '等待时间',
    state: '状态',
    case: '案件',
    statistics: '统计',
    party: '当事人页面',
    menu: '工作台菜单',
    open: '打开',
  },
}

export default desk
