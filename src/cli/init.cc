#include "base/log.h"
#include "cli/commands.h"
#include "cli/site.h"

namespace cli {

int init(const Terminal& terminal, const std::string& directory) {
  // The first migrations of a database say nothing to whoever makes a site.
  base::log::set_level(base::log::Level::warning);
  if (const auto made = create_site(directory); !made) return terminal.fail(made.error());
  base::Json json;
  json.add("site", directory)
      .add("config", config_path(directory))
      .add("secret_key", key_path(directory));
  terminal.answer({"Đã tạo máy chủ trong " + directory +
                       ".\n"
                       "  Cấu hình:  " +
                       config_path(directory) +
                       "\n"
                       "  Khóa:      " +
                       key_path(directory) +
                       "  (hãy cất một bản ở nơi khác; mất khóa là mất bí mật của các hệ thống)\n"
                       "Tiếp theo:\n"
                       "  truc system add -C " +
                       directory +
                       " 00.99.W00 --secret-file TỆP --organisation H49\n"
                       "  truc serve -C " +
                       directory,
                   "Created a site in " + directory +
                       ".\n"
                       "  Configuration:  " +
                       config_path(directory) +
                       "\n"
                       "  Key:            " +
                       key_path(directory) +
                       "  (keep a copy elsewhere: without it the systems' secrets are lost)\n"
                       "Next:\n"
                       "  truc system add -C " +
                       directory +
                       " 00.99.W00 --secret-file FILE --organisation H49\n"
                       "  truc serve -C " +
                       directory},
                  json);
  return 0;
}

}  // namespace cli
