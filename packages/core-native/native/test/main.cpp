#include <cstdio>
#include <exception>

#include "framework.h"

namespace rondo::test {
namespace {

struct Test {
  std::string name;
  std::function<void()> body;
};

std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

int failures_of_this_test = 0;

}  // namespace

Registration::Registration(std::string name, std::function<void()> body) {
  tests().push_back({std::move(name), std::move(body)});
}

void fail(const char* file, int line, const std::string& message) {
  constexpr int kShown = 10;
  if (++failures_of_this_test <= kShown) std::printf("    %s:%d: %s\n", file, line, message.c_str());
}

int run_all(const std::string& filter) {
  int passed = 0, failed = 0;
  for (const Test& test : tests()) {
    if (test.name.find(filter) == std::string::npos) continue;
    failures_of_this_test = 0;
    try {
      test.body();
    } catch (const std::exception& error) {
      fail(test.name.c_str(), 0, std::string("unexpected exception: ") + error.what());
    }
    failures_of_this_test == 0 ? ++passed : ++failed;
    std::printf("%s %s\n", failures_of_this_test == 0 ? "ok  " : "FAIL", test.name.c_str());
    std::fflush(stdout);
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace rondo::test

int main(int argc, char** argv) {
  return rondo::test::run_all(argc > 1 ? argv[1] : "");
}
