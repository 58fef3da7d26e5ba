// Who does what in a layer. Rows are the cheaper thing to split: nobody waits. But the fewer rows a group has, the more
// often it reads the weights per product, and more threads than rows would have nothing to do; so a group may split the
// units too, which costs a meeting per step. The choice changes no sum, only who forms it.

#include "cpu/lstm.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

// Rough figures of today's cores, in cycles. They only have to order the choices.
constexpr double kBytesPerCycle = 8;        // of weights from the shared cache, when all cores read
constexpr double kOwnBytesPerCycle = 32;    // … from the core's own
constexpr double kOwnCache = 768.0 * 1024;  // bytes of weights that stay there
constexpr double kMeeting = 2000;           // a barrier, per member
constexpr double kWaiting = 0.02;           // share of the arithmetic that the fastest member waits for the slowest
constexpr double kUnhidden = 0.1;  // share of the smaller of arithmetic and reading that the other does not hide

/// Cycles of the busiest thread per step of time.
double step_cost(const LstmShape& s, int groups, int members) {
  const std::int64_t group_rows = ceil_div(s.batch, groups);
  const double rows = static_cast<double>(group_rows);
  const double panels = static_cast<double>(ceil_div(ceil_div(s.units, kPanel), members));
  const double k = static_cast<double>(s.units + (s.vocabulary > 0 ? 0 : s.input));
  const double arithmetic = rows * panels * 4 * k * kPanelVectors;
  const double weights = 4.0 * 4 * panels * kPanel * k;
  const double passes = static_cast<double>(ceil_div(group_rows, kLstmRows));
  const double reading = passes * weights / (weights <= kOwnCache ? kOwnBytesPerCycle : kBytesPerCycle);
  const double together = larger(arithmetic, reading) + kUnhidden * smaller(arithmetic, reading);
  if (members == 1) return together;
  const double exchange = static_cast<double>(lstm_copies(s) * s.units) * rows * 4 / kBytesPerCycle;
  return together + kWaiting * arithmetic + exchange + kMeeting * members;
}

}  // namespace

LstmTeams lstm_teams(const LstmShape& s, int threads) {
  const int most_groups = static_cast<int>(smaller<std::int64_t>(threads, s.batch));
  const std::int64_t panels = ceil_div(s.units, kPanel);
  LstmTeams best;
  double best_cost = -1;
  for (int groups = most_groups; groups >= 1; --groups) {
    const int members = static_cast<int>(smaller<std::int64_t>(threads / groups, panels));
    const double cost = step_cost(s, groups, members);
    if (best_cost >= 0 && cost >= best_cost) continue;
    best_cost = cost;
    best = {groups, members};
  }
  return best;
}

LstmPlace lstm_place(const LstmShape& s, const LstmTeams& teams, int thread) {
  LstmPlace place;
  if (thread >= teams.groups * teams.members) return place;
  place.group = thread / teams.members;
  place.member = thread % teams.members;
  place.members = teams.members;
  place.rows = part(s.batch, 1, place.group, teams.groups);
  place.panels = part(ceil_div(s.units, kPanel), 1, place.member, teams.members);
  return place;
}

}  // namespace rondo::cpu::RONDO_ISA
