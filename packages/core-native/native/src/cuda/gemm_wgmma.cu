// Products by warpgroups. Compiled for sm_90a alone, which is what they exist on.

#include "cuda/device/warpgroup_arithmetic.h"
#include "cuda/product_kernel.h"

namespace rondo::cuda {

void start_by_warpgroups(CudaContext& context, const ProductTask& task) {
  const Product& p = task.p;
  if (p.a.deep && p.b.deep) return launch_product<WarpgroupArithmetic<true, true>, true, true, false>(context, task);
  if (p.a.deep) return launch_product<WarpgroupArithmetic<true, false>, true, false, false>(context, task);
  launch_product<WarpgroupArithmetic<false, false>, false, false, true>(context, task);
}

}  // namespace rondo::cuda
