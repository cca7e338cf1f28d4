// SPDX-License-Identifier: Apache-2.0
#include "kept_log.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file_content.hpp"
#include "base/write_file.hpp"

namespace tinyhil::probe {

std::string add_log(const std::filesystem::path& file, const std::string& subject, std::string_view log) {
  try {
    std::string content;
    if (std::filesystem::exists(file)) {
      const std::vector<std::uint8_t> earlier = read_file(file, 2 * kKeptLogMost, "log");
      content.assign(earlier.begin(), earlier.end());
    }
    const std::string head = "---- " + subject + ", " + to_text(system_now()) + "\n";
    if (content.size() + head.size() + log.size() > kKeptLogMost) return "";
    content += head;
    content += log;
    write_file(file, content);
    return "";
  } catch (const std::filesystem::filesystem_error& error) {
    return error.code().message();
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace tinyhil::probe
