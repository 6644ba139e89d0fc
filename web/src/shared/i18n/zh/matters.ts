/** The list of matters, and the ways to a new one. */

const matters = {
  matters: {
    title: '我的业务',
    mine: '待我办理',
    others: '等待他人',
    done: '已办结',
    none: '还没有业务',
    veiled: '以另一身份办理的业务',
    noneWhy: '出卖人从“发起买卖”开始；买受人请从短信链接或“加入合同”进入。',
    new: '发起买卖',
    join: '加入合同',
    more: '加载更多',
    noHouse: '尚未核验房屋',
    number: '编号 {number}',
    expires: '{when} 前有效',
  },
  new: {
    title: '发起买卖',
    which: '房屋在哪个城市？',
    begin: '开始',
    who: '由产权人本人或其合法代理人发起',
    none: '目前没有可以在此发起的业务',
    import: '注销已备案的商品房买卖合同（电子公证）',
    importWho: '由开发企业经办人导入合同，再申请公证注销',
    chooseOrganisation: '先选择代表哪家企业办理',
  },
  import: {
    title: '导入已备案合同',
    lead: '请上传当时备案的合同 PDF 原件，不要打印或者另存：文件的摘要须与备案时一致。',
    file: '合同文件（PDF）',
    fileNeeded: '请选择合同 PDF 文件',
    notPdf: '这不是 PDF 文件',
    button: '导入合同',
    done: '合同已导入',
    number: '业务编号',
    signatures: '文件中的签名',
    integrity: { intact: '完好，未被改动', unsigned: '文件中没有电子签名', unknown: '无法判断', altered: '签名后被改动' },
    next: '下一步：申请注销',
    open: '查看合同',
  },
  join: {
    title: '加入合同',
    lead: '请向出卖人索取以下信息。任何一项不符都查不到合同。',
    find: '查找合同',
    found: '已找到合同 {number}',
    enter: '确认加入',
  },
}

export default matters
