import type { ReactNode } from "react"
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components"

export interface TabContent<T extends string> {
  id: T
  title: string
  content: ReactNode
}

export function Tabs<T extends string>({ label, tabs, chosen, onChoose }: {
  label: string
  tabs: readonly TabContent<T>[]
  chosen: T
  onChoose: (id: T) => void
}) {
  return (
    <AriaTabs
      selectedKey={chosen}
      onSelectionChange={(key) => {
        const tab = tabs.find((one) => one.id === key)
        if (tab) onChoose(tab.id)
      }}
    >
      <TabList className="tab-list" aria-label={label}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className="tab">
            {tab.title}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="tab-panel">
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
