// Viet Nam as tiles: one for each of the 34 provinces and centrally run cities since 1 July 2025, about where it lies.
// No picture of borders, which none of our figures needs. An organisation is found by its code (Decision 20/2020/QĐ-TTg,
// whose codes are those of the 63 provinces of then): provinces that have become one share a tile.

export interface Tile {
  id: string
  name: string
  short: string
  column: number
  row: number
  /** Of the province and of those that became a part of it. */
  codes: readonly number[]
  /** A special zone out at sea, which is a part of it. */
  zone?: { name: string; column: number; row: number }
}

const tile = (name: string, short: string, column: number, row: number, codes: readonly number[], zone?: Tile["zone"]): Tile => ({
  id: short.toLowerCase(),
  name,
  short,
  column,
  row,
  codes,
  ...(zone ? { zone } : {}),
})

export const COLUMNS = 8
export const ROWS = 17
export const TILES: readonly Tile[] = [
  tile("Lai Châu", "LCH", 0, 0, [35]),
  tile("Lào Cai", "LCA", 1, 0, [38, 63]),
  tile("Tuyên Quang", "TQU", 2, 0, [60, 22]),
  tile("Cao Bằng", "CBA", 3, 0, [14]),
  tile("Điện Biên", "DBI", 0, 1, [18]),
  tile("Sơn La", "SLA", 1, 1, [52]),
  tile("Phú Thọ", "PTH", 2, 1, [44, 28, 62]),
  tile("Thái Nguyên", "TNG", 3, 1, [55, 3]),
  tile("Lạng Sơn", "LSO", 4, 1, [37]),
  tile("Hà Nội", "HNO", 2, 2, [26]),
  tile("Bắc Ninh", "BNI", 3, 2, [5, 2]),
  tile("Quảng Ninh", "QNI", 4, 2, [49]),
  tile("Ninh Bình", "NBI", 2, 3, [42, 25, 40]),
  tile("Hưng Yên", "HYE", 3, 3, [31, 54]),
  tile("Hải Phòng", "HPH", 4, 3, [24, 23]),
  tile("Thanh Hóa", "THO", 2, 4, [56]),
  tile("Nghệ An", "NAN", 2, 5, [41]),
  tile("Hà Tĩnh", "HTI", 3, 6, [27]),
  tile("Quảng Trị", "QTR", 3, 7, [50, 46]),
  tile("Huế", "HUE", 4, 8, [57]),
  tile("Đà Nẵng", "DNA", 5, 9, [17, 47], { name: "Hoàng Sa", column: 7, row: 9 }),
  tile("Quảng Ngãi", "QNG", 5, 10, [48, 34]),
  tile("Gia Lai", "GLA", 5, 11, [21, 8]),
  tile("Đắk Lắk", "DLA", 5, 12, [15, 45]),
  tile("Tây Ninh", "TNI", 2, 13, [53, 39]),
  tile("Đồng Nai", "DNI", 3, 13, [19, 10]),
  tile("Lâm Đồng", "LDO", 4, 13, [36, 16, 11]),
  tile("Khánh Hòa", "KHO", 5, 13, [32, 43], { name: "Trường Sa", column: 7, row: 15 }),
  tile("Đồng Tháp", "DTH", 2, 14, [20, 58]),
  tile("Hồ Chí Minh", "HCM", 3, 14, [29, 9, 6]),
  tile("An Giang", "AGI", 0, 15, [1, 33]),
  tile("Cần Thơ", "CTH", 1, 15, [13, 51, 30]),
  tile("Vĩnh Long", "VLO", 2, 15, [61, 7, 59]),
  tile("Cà Mau", "CMA", 1, 16, [12, 4]),
]

const OF_CODE = new Map<string, Tile>(TILES.flatMap((one) => one.codes.map((code) => [`H${String(code).padStart(2, "0")}`, one] as const)))

export interface Counted {
  organisation: { code: string; name: string }
  deliveries: number
  answered_late: number
  late_now: number
}

/** What is counted of all organisations of a tile. */
export interface Sum<T> {
  organisations: T[]
  deliveries: number
  late: number
}

export interface Central<T> extends Sum<T> {
  code: string
  name: string
}

export interface Placed<T> {
  provinces: ReadonlyMap<string, Sum<T>> // by the tile's id
  central: readonly Central<T>[] // ministries and other central bodies, by code
  elsewhere: readonly T[] // without a tile
}

/** Puts each organisation on its tile, with what is below it: H49.06 is on the tile of H49, G12.01 on that of G12. */
export function placed<T extends Counted>(all: readonly T[]): Placed<T> {
  const provinces = new Map<string, Sum<T>>()
  const central = new Map<string, Central<T>>()
  const elsewhere: T[] = []
  for (const one of all) {
    const { code, name } = one.organisation
    const root = code.split(".")[0] ?? ""
    const province = OF_CODE.get(root)
    if (province) {
      const sum = provinces.get(province.id) ?? { organisations: [], deliveries: 0, late: 0 }
      provinces.set(province.id, added(sum, one))
    } else if (/^G\d+$/.test(root)) {
      const sum = central.get(root) ?? { code: root, name: "", organisations: [], deliveries: 0, late: 0 }
      if (code === root) sum.name = name
      central.set(root, added(sum, one))
    } else {
      elsewhere.push(one)
    }
  }
  return { provinces, central: [...central.values()].sort((a, b) => (a.code < b.code ? -1 : 1)), elsewhere }
}

function added<T extends Counted, S extends Sum<T>>(sum: S, one: T): S {
  sum.organisations.push(one)
  sum.deliveries += one.deliveries
  sum.late += one.late_now + one.answered_late
  return sum
}

/** Where the second and the third shade begin: thirds of the greatest amount. */
export function thresholds(most: number): readonly [number, number] {
  return [Math.max(2, Math.ceil(most / 3)), Math.max(3, Math.ceil((2 * most) / 3))]
}

/** 0: nothing; then three shades. */
export function shade(value: number, [second, third]: readonly [number, number]): 0 | 1 | 2 | 3 {
  if (value <= 0) return 0
  if (value < second) return 1
  return value < third ? 2 : 3
}
